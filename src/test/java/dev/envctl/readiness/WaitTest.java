package dev.envctl.readiness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class WaitTest {
    private static final Duration EVERY = Duration.ofSeconds(1);

    private final AtomicLong nanos = new AtomicLong();
    private final List<Duration> pauses = new ArrayList<>();
    private final List<String> reasons = new ArrayList<>();
    private final Queue<Answer<String>> answers = new ArrayDeque<>();
    private final Wait wait = new Wait(duration -> {
        pauses.add(duration);
        nanos.addAndGet(duration.toNanos());
    });

    @Test
    void doesNotPauseForWhatIsReadyAtOnce() {
        answers.add(Answer.ready("there"));

        assertThat(until(Duration.ofSeconds(5))).isEqualTo("there");
        assertThat(pauses).isEmpty();
    }

    @Test
    void asksUntilItIsReady() {
        answers.addAll(List.of(Answer.notYet("no"), Answer.notYet("no"), Answer.ready("there")));

        assertThat(until(Duration.ofSeconds(5))).isEqualTo("there");
        assertThat(pauses).containsExactly(EVERY, EVERY);
    }

    @Test
    void tellsEachReasonOnce() {
        answers.addAll(List.of(
                Answer.notYet("pulling"), Answer.notYet("pulling"), Answer.notYet("starting"), Answer.ready("")));

        until(Duration.ofSeconds(5));

        assertThat(reasons).containsExactly("pulling", "starting");
    }

    @Test
    void aTimeOutNamesTheThingAndTheLastReason() {
        answers.addAll(List.of(Answer.notYet("pulling"), Answer.notYet("starting"), Answer.notYet("refused")));

        var failure = failure(Duration.ofSeconds(2));

        assertThat(failure.kind()).isEqualTo(FailureKind.TIMEOUT);
        assertThat(failure.problem()).isEqualTo("Timed out after 2 s waiting for Postgres: refused");
    }

    @Test
    void asksOnceMoreWhenTimeIsJustUp() {
        answers.addAll(List.of(Answer.notYet("no"), Answer.notYet("no"), Answer.ready("at the last moment")));

        assertThat(until(Duration.ofMillis(1500))).isEqualTo("at the last moment");
        assertThat(pauses).containsExactly(EVERY, Duration.ofMillis(500));
    }

    @Test
    void asksOnceEvenWhenThereIsNoTimeLeft() {
        answers.add(Answer.ready("there"));

        assertThat(until(Duration.ZERO)).isEqualTo("there");
    }

    @Test
    void endsAtOnceWhenThereIsNoHope() {
        var hopeless = new EnvctlException(FailureKind.IMAGE, "It cannot be pulled.", "");
        answers.addAll(List.of(Answer.notYet("no"), Answer.hopeless(hopeless)));

        assertThat(failure(Duration.ofMinutes(5))).isSameAs(hopeless);
        assertThat(pauses).hasSize(1);
    }

    @Test
    void anInterruptEndsItAndIsNotForgotten() {
        var interrupted = new Wait(duration -> {
            throw new InterruptedException();
        });

        var failure = catchThrowableOfType(EnvctlException.class, () -> interrupted.pause(EVERY));

        assertThat(failure.kind()).isEqualTo(FailureKind.INTERRUPTED);
        assertThat(Thread.interrupted()).isTrue();
    }

    private String until(Duration limit) {
        return wait.until("Postgres", Deadline.in(limit, nanos::get), EVERY, reasons::add, answers::remove);
    }

    private EnvctlException failure(Duration limit) {
        return catchThrowableOfType(EnvctlException.class, () -> until(limit));
    }
}
