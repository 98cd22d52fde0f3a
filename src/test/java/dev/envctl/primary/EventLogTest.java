package dev.envctl.primary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.Progress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class EventLogTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    private final List<Message> also = new ArrayList<>();
    private final EventLog log = new EventLog(also::add);

    @Test
    void whoComesLateGetsEverything() throws InterruptedException {
        log.note("one");
        log.change(State.READY);
        log.note("two");

        assertThat(log.from(0, LONG))
                .containsExactly(note("one"), new Message.Changed(State.READY), note("two"))
                .isEqualTo(also);
    }

    @Test
    void goesOnWhereAReaderLeftOff() throws InterruptedException {
        log.note("one");
        log.note("two");

        assertThat(log.from(1, LONG)).containsExactly(note("two"));
    }

    @Test
    void wakesAReaderWithTheNextMessage() throws Exception {
        var reader = read();
        assertThat(reader).isNotDone();

        log.note("news");

        assertThat(reader.get(10, TimeUnit.SECONDS)).containsExactly(note("news"));
    }

    @Test
    void theEndWakesAReader() throws Exception {
        var reader = read();

        log.end();

        assertThat(reader.get(10, TimeUnit.SECONDS)).isEmpty();
        assertThat(log.ended()).isTrue();
    }

    @Test
    void whatWasSaidCanBeReadAfterTheEnd() throws InterruptedException {
        log.note("last words");
        log.end();

        assertThat(log.from(0, LONG)).containsExactly(note("last words"));
    }

    @Test
    void aReaderDoesNotWaitLongerThanItWants() throws InterruptedException {
        assertThat(log.from(0, Duration.ofMillis(20))).isEmpty();
        assertThat(log.ended()).isFalse();
    }

    @Test
    void knowsTheLastState() {
        assertThat(log.state()).isEqualTo(State.CREATING);

        log.change(State.REMOVING);
        log.fail(new EnvctlException(FailureKind.FAILED, "It stays.", ""));

        assertThat(log.state()).isEqualTo(State.REMOVING);
    }

    @Test
    void knowsWhichPhasesRunAndWhatTheyWaitFor() {
        log.report(new Progress.Started("pull images"));
        log.report(new Progress.Started("create cluster"));
        log.waiting("create cluster", "preparing nodes");
        log.report(new Progress.Finished("pull images", Progress.Outcome.OK, Duration.ZERO));

        assertThat(log.running())
                .extracting(EventLog.RunningPhase::name, EventLog.RunningPhase::reason)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("create cluster", "preparing nodes"));
    }

    private CompletableFuture<List<Message>> read() {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return log.from(0, LONG);
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        });
    }

    private static Message note(String text) {
        return new Message.Event(new Progress.Note(text));
    }
}
