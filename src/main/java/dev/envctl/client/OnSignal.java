package dev.envctl.client;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Gives back what this process holds when a signal ends it. The JVM exits with the signal's code once that is done. */
final class OnSignal implements AutoCloseable {
    private static final long LIMIT_MINUTES = 2;

    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread hook;

    /**
     * Armed from now on until it is closed.
     *
     * @param giveBack done in this order
     */
    OnSignal(List<Runnable> giveBack) {
        this.hook = new Thread(
                () -> {
                    try {
                        giveBack.forEach(Runnable::run);
                    } finally {
                        done.countDown();
                    }
                },
                "signal");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Where a signal has come, this never returns: what would be told now is not so any more. */
    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            awaitEnd();
        }
    }

    private void awaitEnd() {
        try {
            done.await(LIMIT_MINUTES, TimeUnit.MINUTES);
            // The JVM is about to end us.
            new CountDownLatch(1).await(LIMIT_MINUTES, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
