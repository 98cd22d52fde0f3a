package dev.envctl.process;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The end of a process, which need not be a child of ours. */
record ProcessEnd(ProcessHandle process) {
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

    /** A process that has ended but whose parent has not asked for its exit code has no command any more. */
    boolean isAhead() {
        return process.isAlive() && process.info().command().isPresent();
    }

    /** Waits for it for a moment. False when this thread was interrupted. */
    boolean awaitBriefly() {
        try {
            process.onExit().get(LOOK_AGAIN.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (ExecutionException | TimeoutException e) {
            return true;
        }
    }
}
