package dev.envctl.primary;

import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** Whether the primary has been asked to end, and why. A creation that is under way is interrupted by it. Thread-safe. */
final class EndRequest {
    private final CountDownLatch asked = new CountDownLatch(1);
    private String reason = "";
    private @Nullable Thread creating;

    /** Returns at once; only the first reason counts. */
    synchronized void ask(String why) {
        if (asked()) {
            return;
        }
        reason = why;
        asked.countDown();
        if (creating != null) {
            creating.interrupt();
        }
    }

    boolean asked() {
        return asked.getCount() == 0;
    }

    /** Empty while nobody has asked. */
    synchronized String reason() {
        return reason;
    }

    void await() throws InterruptedException {
        asked.await();
    }

    /** From here on the request interrupts this thread. */
    synchronized void beginCreating() {
        creating = Thread.currentThread();
        if (asked()) {
            creating.interrupt();
        }
    }

    /** From here on nothing interrupts: a removal that has begun is carried through. */
    synchronized void endCreating() {
        creating = null;
        Thread.interrupted();
    }
}
