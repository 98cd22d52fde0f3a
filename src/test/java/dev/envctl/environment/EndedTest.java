package dev.envctl.environment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EndedTest {
    @TempDir
    private Path folder = Path.of("");

    private Path file() {
        return folder.resolve("timeline.json");
    }

    @Test
    void aTimelineTellsOfTheEndOnlyOnceThereIsOne() {
        var timeline = new Timeline();
        EnvironmentDirectory.write(file(), timeline.json());
        assertThat(Ended.read(file())).isEmpty();
        timeline.end("its time to live of 5m is over");
        EnvironmentDirectory.write(file(), timeline.json());

        var ended = Ended.read(file()).orElseThrow();
        assertThat(ended.reason()).isEqualTo("its time to live of 5m is over");
        assertThat(Instant.parse(ended.time())).isBeforeOrEqualTo(Instant.now());
    }

    @Test
    void isAddedToWhatAKilledPrimaryLeft() throws IOException {
        var timeline = new Timeline();
        timeline.add(new Timeline.Span("up", "", Instant.EPOCH, Instant.EPOCH, "ok"));
        EnvironmentDirectory.write(file(), timeline.json());
        Ended.write(file(), "`envctl gc`");

        assertThat(Ended.read(file()).orElseThrow().reason()).isEqualTo("`envctl gc`");
        assertThat(Files.readString(file())).contains("\"spans\"", "\"name\": \"up\"");
    }

    @Test
    void whatMakesNoSenseTellsNothing() throws IOException {
        assertThat(Ended.read(file())).isEmpty();
        Files.writeString(file(), "{\"spans\": [");
        assertThat(Ended.read(file())).isEmpty();
        Files.writeString(file(), "{\"ended\": {\"time\": \"now\"}}");
        assertThat(Ended.read(file())).isEmpty();
        Ended.write(file(), "why");

        assertThat(Ended.read(file()).orElseThrow().reason()).isEqualTo("why");
    }
}
