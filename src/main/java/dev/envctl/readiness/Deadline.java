package dev.envctl.readiness;

import java.time.Duration;
import java.util.function.LongSupplier;

/** A point in time by which something must be done, on a monotonic clock: jumps of the wall clock do not move it. */
public final class Deadline {
    private final Duration limit;
    private final LongSupplier nanos;
    private final long end;

    private Deadline(Duration limit, LongSupplier nanos) {
        this.limit = limit;
        this.nanos = nanos;
        this.end = nanos.getAsLong() + limit.toNanos();
    }

    public static Deadline in(Duration limit) {
        return in(limit, System::nanoTime);
    }

    static Deadline in(Duration limit, LongSupplier nanos) {
        return new Deadline(limit, nanos);
    }

    /** The earlier of this deadline and one {@code limit} from now. */
    public Deadline atMost(Duration limit) {
        return remaining().compareTo(limit) <= 0 ? this : new Deadline(limit, nanos);
    }

    /** How long it was when it was set. */
    public Duration limit() {
        return limit;
    }

    /** Never negative. */
    public Duration remaining() {
        return Duration.ofNanos(Math.max(0, end - nanos.getAsLong()));
    }

    /** What is left, but at least a millisecond: for calls that take only positive time-outs. */
    public Duration remainingForCall() {
        var left = remaining();
        return left.compareTo(Duration.ofMillis(1)) < 0 ? Duration.ofMillis(1) : left;
    }

    public boolean passed() {
        return remaining().isZero();
    }
}
