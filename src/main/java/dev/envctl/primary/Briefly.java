package dev.envctl.primary;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.readiness.Answer;
import dev.envctl.readiness.Deadline;
import dev.envctl.readiness.Wait;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** Someone who only asks holds a lock for a moment: whoever needs it tries again for a short while. */
final class Briefly {
    private static final Duration LIMIT = Duration.ofSeconds(2);
    private static final Duration EVERY = Duration.ofMillis(20);

    private Briefly() {}

    /** Empty where every attempt was. */
    static <T> Optional<T> again(Wait waits, Supplier<Optional<T>> attempt) {
        try {
            return Optional.of(waits.until(
                    "the lock",
                    Deadline.in(LIMIT),
                    EVERY,
                    reason -> {},
                    () -> attempt.get()
                            .<Answer<T>>map(Answer::ready)
                            .orElseGet(() -> Answer.notYet("another process holds it"))));
        } catch (EnvctlException e) {
            if (e.kind() == FailureKind.TIMEOUT) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
