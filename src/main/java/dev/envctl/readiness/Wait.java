package dev.envctl.readiness;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Asks a question again and again until it is answered, hopeless, or out of time. */
public final class Wait {
    /** Pauses the calling thread. */
    @FunctionalInterface
    interface Pause {
        void sleep(Duration duration) throws InterruptedException;
    }

    private final Pause pause;

    public Wait() {
        this(duration -> Thread.sleep(duration.toMillis()));
    }

    Wait(Pause pause) {
        this.pause = pause;
    }

    /**
     * Asks at least once, even when the deadline has already passed.
     *
     * @param what the thing waited for, as it reads after "Timed out waiting for"
     * @param every the pause between two questions
     * @param onReason told each reason that differs from the one before
     * @throws EnvctlException TIMEOUT with the last reason, INTERRUPTED, or the failure of a hopeless answer
     */
    public <T> T until(
            String what, Deadline deadline, Duration every, Consumer<String> onReason, Supplier<Answer<T>> question) {
        var last = "";
        while (true) {
            var answer = question.get();
            if (answer instanceof Answer.Ready<T> ready) {
                return ready.value();
            }
            if (answer instanceof Answer.Hopeless<T> hopeless) {
                throw hopeless.failure();
            }
            var reason = ((Answer.NotYet<T>) answer).reason();
            if (!Objects.equals(reason, last)) {
                last = reason;
                onReason.accept(reason);
            }
            if (deadline.passed()) {
                throw new EnvctlException(
                        FailureKind.TIMEOUT,
                        "Timed out after %d s waiting for %s: %s"
                                .formatted(deadline.limit().toSeconds(), what, last),
                        "");
            }
            pause(every.compareTo(deadline.remaining()) < 0 ? every : deadline.remainingForCall());
        }
    }

    /** Sleeps; an interrupt ends it with a failure of kind INTERRUPTED. */
    public void pause(Duration duration) {
        try {
            pause.sleep(duration);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EnvctlException(FailureKind.INTERRUPTED, "The wait was interrupted.", "", e);
        }
    }
}
