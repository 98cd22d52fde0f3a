package dev.envctl.suite;

import dev.envctl.readiness.Deadline;
import java.util.concurrent.TimeUnit;

/** Lets suites begin whose limits of memory fit together; one that never would fits alone. */
final class MemoryTurns {
    private final long available;
    private long taken;
    private int running;

    /** @param available bytes for all */
    MemoryTurns(long available) {
        this.available = available;
    }

    /**
     * Whether there was room in time; then it is taken until it is given back.
     *
     * @param waiting told where there is none yet
     */
    synchronized boolean take(long bytes, Deadline deadline, Runnable waiting) throws InterruptedException {
        var told = false;
        while (running > 0 && taken + bytes > available) {
            if (!told) {
                waiting.run();
                told = true;
            }
            var left = deadline.remaining().toMillis();
            if (left == 0) {
                return false;
            }
            TimeUnit.MILLISECONDS.timedWait(this, left);
        }
        running++;
        taken += bytes;
        return true;
    }

    synchronized void giveBack(long bytes) {
        running--;
        taken -= bytes;
        notifyAll();
    }
}
