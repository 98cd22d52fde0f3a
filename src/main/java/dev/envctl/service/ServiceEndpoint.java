package dev.envctl.service;

/** Where a service listens. */
public record ServiceEndpoint(String host, int port) {
    /** A published port of this machine. */
    public static ServiceEndpoint onLoopback(int port) {
        return new ServiceEndpoint("127.0.0.1", port);
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
