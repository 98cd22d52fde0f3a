package dev.envctl.kubernetes;

import dev.envctl.readiness.Wait;
import java.io.IOException;
import java.time.Duration;

/** Answers requests to an API server without a connection. */
@FunctionalInterface
public interface ScriptedServer {
    record Reply(int status, String body) {}

    /**
     * Answers one request.
     *
     * @throws IOException where a real one could not be reached
     */
    Reply answer(String method, String path, String body) throws IOException;

    /** The real client in front of it. */
    default KubernetesApi client(Wait wait) {
        return new HttpKubernetesApi(
                new Transport() {
                    @Override
                    public Response send(Request request, Duration timeout) throws IOException {
                        var reply = answer(request.method(), request.path(), request.body());
                        return new Response(reply.status(), reply.body());
                    }

                    @Override
                    public void close() {}
                },
                wait);
    }
}
