package dev.envctl.primary;

import java.time.Duration;
import java.time.Instant;

/**
 * A point in time on two clocks.
 *
 * @param wall for people to read; somebody may set it
 * @param nanos for durations: {@link System#nanoTime}, which nobody sets
 */
record Moment(Instant wall, long nanos) {
    static Moment now() {
        return new Moment(Instant.now(), System.nanoTime());
    }

    Duration until(Moment later) {
        return Duration.ofNanos(later.nanos - nanos);
    }
}
