package dev.envctl.primary;

import dev.envctl.EnvctlException;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Work that is tried in every round, but after a failure only once a pause is over: 1 s, doubled with each further failure up
 * to 60 s. The same failure is told once. For one thread at a time.
 */
final class Retried {
    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(60);

    private final LongSupplier nanos;
    private final Consumer<String> told;
    private Duration pause = Duration.ZERO;
    private long failedNanos;
    private String failure = "";

    /** @param told what has failed, where it is not what failed before */
    Retried(LongSupplier nanos, Consumer<String> told) {
        this.nanos = nanos;
        this.told = told;
    }

    /** False where it has failed, or is not due yet. */
    boolean attempt(Runnable work) {
        if (nanos.getAsLong() - failedNanos < pause.toNanos()) {
            return false;
        }
        try {
            work.run();
        } catch (RuntimeException e) {
            failed(e instanceof EnvctlException known ? known.problem() : e.toString());
            return false;
        }
        pause = Duration.ZERO;
        failure = "";
        return true;
    }

    private void failed(String problem) {
        failedNanos = nanos.getAsLong();
        var doubled = pause.isZero() ? SHORTEST : pause.multipliedBy(2);
        pause = doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
        if (!problem.equals(failure)) {
            failure = problem;
            told.accept(problem);
        }
    }
}
