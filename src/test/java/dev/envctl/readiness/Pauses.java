package dev.envctl.readiness;

import java.time.Duration;

/** Waits whose pauses are the test's own. */
public final class Pauses {
    /** Takes the place of sleeping. */
    @FunctionalInterface
    public interface Sleep {
        void sleep(Duration duration) throws InterruptedException;
    }

    private Pauses() {}

    public static Wait of(Sleep sleep) {
        return new Wait(sleep::sleep);
    }
}
