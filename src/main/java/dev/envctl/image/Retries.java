package dev.envctl.image;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.readiness.Deadline;
import dev.envctl.readiness.Wait;
import io.github.resilience4j.core.IntervalFunction;
import io.github.resilience4j.core.functions.Either;
import io.github.resilience4j.retry.Retry;
import io.github.resilience4j.retry.RetryConfig;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Tries again what may pass by itself, ever more slowly, inside one deadline. How long to pause is resilience4j's
 * choice; the pause itself is ours, because its own swallows interrupts (2.4.0, RetryImpl).
 */
final class Retries {
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(15);

    private final Wait wait = new Wait();
    private final Retry retry;

    /** @param firstPause doubled with every failure, up to 15 s */
    Retries(Duration firstPause) {
        var pauses = IntervalFunction.ofExponentialRandomBackoff(firstPause, 2, 0.3, LONGEST_PAUSE);
        RetryConfig config = RetryConfig.custom()
                .maxAttempts(Integer.MAX_VALUE)
                .retryOnException(failure -> failure instanceof PassingFailure)
                .intervalBiFunction((attempt, outcome) -> Math.max(pauses.apply(attempt), notBefore(outcome)))
                .build();
        retry = Retry.of("registry", config);
    }

    private static long notBefore(Either<Throwable, Object> outcome) {
        return outcome.isLeft() && outcome.getLeft() instanceof PassingFailure failure
                ? failure.notBefore().toMillis()
                : 0;
    }

    /**
     * @param what what is attempted, as it reads after "Could not"
     * @param onReason told why an attempt failed and when the next one is made
     * @throws EnvctlException TIMEOUT with the last reasons when the next attempt would come after the deadline: the last
     *     attempt may have had no time for an answer
     */
    <T> T until(Deadline deadline, String what, Consumer<String> onReason, Supplier<T> attempt) {
        var context = retry.<T>asyncContext();
        var before = "";
        while (true) {
            try {
                return attempt.get();
            } catch (PassingFailure failure) {
                var pause = Duration.ofMillis(Math.max(1, context.onError(failure)));
                if (pause.compareTo(deadline.remaining()) >= 0) {
                    throw timedOut(deadline, what, failure, before);
                }
                before = failure.reason();
                onReason.accept("%s; trying again in %.1f s".formatted(failure.reason(), pause.toMillis() / 1000.0));
                wait.pause(pause);
            }
        }
    }

    private static EnvctlException timedOut(Deadline deadline, String what, PassingFailure failure, String before) {
        var asked = failure.notBefore().isZero()
                ? ""
                : " and asks to wait %d s".formatted(failure.notBefore().toSeconds());
        var earlier = before.isEmpty() || before.equals(failure.reason()) ? "" : "; before that: " + before;
        return new EnvctlException(
                FailureKind.TIMEOUT,
                "Could not %s within %d s: %s%s%s."
                        .formatted(what, deadline.limit().toSeconds(), failure.reason(), asked, earlier),
                "Try again later, or give it more time (`timeouts.pull`, or `--timeout`). A registry that limits requests allows more after"
                        + " `podman login` or `docker login`.",
                failure);
    }
}
