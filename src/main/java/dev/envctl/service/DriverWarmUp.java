package dev.envctl.service;

/**
 * Loads the classes that talking to Postgres and Redis needs, while there is nobody to talk to yet: one question each
 * to a port where nothing listens. Run it on a thread of its own; never fails.
 */
public final class DriverWarmUp implements Runnable {
    private static final ServiceEndpoint NOWHERE = ServiceEndpoint.onLoopback(9);

    @Override
    public void run() {
        new PostgresProbe(new PostgresAddress(NOWHERE, "nobody", "", "nothing")).ask();
        new RedisProbe(new RedisAddress(NOWHERE, "nobody", "", 0)).ask();
    }
}
