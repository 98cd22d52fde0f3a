package dev.envctl.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** What {@code timeline.json} promises: spans for programs, and the same as a trace that Chrome and Perfetto read. */
final class TimelineContract {
    private TimelineContract() {}

    /** @param phases the spans that must be there as parts of {@code up} */
    static void check(JsonObject timeline, List<String> phases) {
        var spans = timeline.getAsJsonArray("spans").asList();
        assertThat(spans).extracting(span -> text(span, "name")).contains("up").containsAll(phases);
        for (var span : spans) {
            assertThat(span.getAsJsonObject().keySet())
                    .containsExactlyInAnyOrder("name", "parent", "start", "end", "outcome");
            assertThat(Instant.parse(text(span, "end"))).isAfterOrEqualTo(Instant.parse(text(span, "start")));
            assertThat(text(span, "outcome")).as(text(span, "name")).isEqualTo("ok");
            assertThat(text(span, "parent")).isEqualTo(text(span, "name").equals("up") ? "" : "up");
        }
        checkTrace(timeline.getAsJsonArray("traceEvents"), spans);
    }

    /** The rules of the Trace Event Format for complete events; two on one thread must nest or not touch. */
    private static void checkTrace(JsonArray events, List<JsonElement> spans) {
        assertThat(events).hasSameSizeAs(spans);
        var seen = new ArrayList<JsonObject>();
        for (var i = 0; i < spans.size(); i++) {
            var event = events.get(i).getAsJsonObject();
            var span = spans.get(i);
            assertThat(text(event, "name")).isEqualTo(text(span, "name"));
            assertThat(text(event, "ph")).isEqualTo("X");
            assertThat(event.get("pid").getAsInt()).isPositive();
            var start = Instant.parse(text(span, "start"));
            assertThat(event.get("ts").getAsLong())
                    .isEqualTo(Duration.between(Instant.EPOCH, start).toNanos() / 1_000);
            assertThat(event.get("dur").getAsLong()).isNotNegative();
            assertThat(seen).as("overlapping %s on one thread", event).noneMatch(other -> overlap(event, other));
            seen.add(event);
        }
    }

    private static boolean overlap(JsonObject one, JsonObject other) {
        if (one.get("tid").getAsInt() != other.get("tid").getAsInt()) {
            return false;
        }
        return start(one) < end(other)
                && start(other) < end(one)
                && !(start(one) <= start(other) && end(other) <= end(one))
                && !(start(other) <= start(one) && end(one) <= end(other));
    }

    private static long start(JsonObject event) {
        return event.get("ts").getAsLong();
    }

    private static long end(JsonObject event) {
        return start(event) + event.get("dur").getAsLong();
    }

    private static String text(JsonElement object, String field) {
        return object.getAsJsonObject().get(field).getAsString();
    }
}
