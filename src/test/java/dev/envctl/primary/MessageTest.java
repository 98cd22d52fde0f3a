package dev.envctl.primary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.Progress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class MessageTest {
    static List<Progress.Event> events() {
        return List.of(
                new Progress.Started("create cluster"),
                new Progress.Waiting("create cluster", "1 of 2 nodes \"run\"\nstill"),
                new Progress.Finished("create cluster", Progress.Outcome.OK, Duration.ofMillis(12_345)),
                new Progress.Finished("pull images", Progress.Outcome.CANCELLED, Duration.ZERO),
                new Progress.Note("Using Podman 4.3.1."),
                new Progress.Warning("Only 3 GiB free für alles."));
    }

    @ParameterizedTest
    @MethodSource("events")
    void progressComesBackFromItsLine(Progress.Event event) {
        assertThat(again(new Message.Event(event))).isEqualTo(new Message.Event(event));
    }

    @ParameterizedTest
    @EnumSource
    void aStateComesBackFromItsLine(State state) {
        assertThat(again(new Message.Changed(state))).isEqualTo(new Message.Changed(state));
    }

    @Test
    void aFailureComesBackWithAllThatItSays() {
        var failure = new EnvctlException(
                FailureKind.TIMEOUT, "It took too long.", "Give it more time.", List.of("event 1", "log 1"), null);

        var read = (Message.Failed) again(new Message.Failed(failure));

        assertThat(read.failure().kind()).isEqualTo(FailureKind.TIMEOUT);
        assertThat(read.failure().problem()).isEqualTo("It took too long.");
        assertThat(read.failure().remedy()).isEqualTo("Give it more time.");
        assertThat(read.failure().details()).containsExactly("event 1", "log 1");
    }

    @Test
    void aFailureTellsItsExitCodeToOtherPrograms() {
        var failure = new EnvctlException(FailureKind.IMAGE, "The digest differs.", "");

        assertThat(new Message.Failed(failure).json())
                .isEqualTo("{\"type\":\"failure\",\"kind\":\"IMAGE\",\"exitCode\":5,"
                        + "\"problem\":\"The digest differs.\",\"remedy\":\"\",\"details\":[]}");
    }

    private static Message again(Message message) {
        var line = message.json();
        assertThat(line).doesNotContain("\n");
        return Message.parse(line);
    }
}
