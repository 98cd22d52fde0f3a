package dev.envctl.environment;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimelineTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00.250Z");

    private final Timeline timeline = new Timeline();

    @Test
    void writesSpansWithTheirTimes() {
        timeline.add(new Timeline.Span("pull images", "up", START, START.plusMillis(1500), "ok"));

        assertThat(json().getAsJsonArray("spans"))
                .hasToString("[{\"name\":\"pull images\",\"parent\":\"up\",\"start\":\"2026-01-01T00:00:00.250Z\","
                        + "\"end\":\"2026-01-01T00:00:01.750Z\",\"outcome\":\"ok\"}]");
    }

    @Test
    void writesTraceEventsInMicroseconds() {
        timeline.add(new Timeline.Span("pull images", "up", START, START.plusMillis(1500), "ok"));

        var event = json().getAsJsonArray("traceEvents").get(0).getAsJsonObject();
        assertThat(event.get("ph").getAsString()).isEqualTo("X");
        assertThat(event.get("ts").getAsLong()).isEqualTo(START.toEpochMilli() * 1000);
        assertThat(event.get("dur").getAsLong()).isEqualTo(1_500_000);
    }

    @Test
    void givesEachPhaseALaneBelowItsParent() {
        timeline.add(new Timeline.Span("pull images", "up", START, START.plusSeconds(2), "ok"));
        timeline.add(new Timeline.Span("create cluster", "up", START, START.plusSeconds(2), "ok"));
        timeline.add(new Timeline.Span("up", "", START, START.plusSeconds(2), "ok"));

        assertThat(json().getAsJsonArray("traceEvents"))
                .extracting(event -> event.getAsJsonObject().get("tid").getAsInt())
                .containsExactly(1, 2, 0);
    }

    @Test
    void tellsTheSecondsInTheOrderOfTheEnds() {
        timeline.add(new Timeline.Span("pull images", "up", START, START.plusMillis(1500), "ok"));
        timeline.add(new Timeline.Span("create cluster", "up", START, START.plusMillis(20), "failed"));

        assertThat(timeline.seconds()).hasToString("{pull images=1.5, create cluster=0.02}");
    }

    @Test
    void readsBackWhatItWrote(@TempDir Path folder) throws IOException {
        var first = new Timeline.Span("up", "", START, START.plusSeconds(2), "ok");
        var second = new Timeline.Span("pull images", "up", START.plusMillis(1), START.plusSeconds(2), "failed");
        timeline.add(second);
        timeline.add(first);
        timeline.end("`envctl down`");
        var file = Files.writeString(folder.resolve("timeline.json"), timeline.json());

        assertThat(Timeline.read(file)).containsExactly(first, second);
        assertThat(Timeline.readSince(START.plusMillis(1), file)).containsExactly(second);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{}",
                "{\"spans\": 1}",
                "{\"spans\": [{}]}",
                "{\"spans\": [1]}",
                "{\"spans\": [{\"name\": \"up\","
                        + " \"parent\": \"\", \"start\": \"soon\", \"end\": \"late\", \"outcome\": \"ok\"}]}"
            })
    void aFileThatMakesNoSenseHasNoSpans(String text, @TempDir Path folder) throws IOException {
        assertThat(Timeline.read(folder.resolve("absent"))).isEmpty();
        assertThat(Timeline.read(Files.writeString(folder.resolve("timeline.json"), text)))
                .isEmpty();
    }

    private JsonObject json() {
        return JsonParser.parseString(timeline.json()).getAsJsonObject();
    }
}
