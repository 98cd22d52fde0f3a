package dev.envctl.environment;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Every phase as a span. Thread-safe. */
public final class Timeline {
    /**
     * One phase.
     *
     * @param parent the span it is part of; empty for the outermost
     * @param outcome {@code ok}, {@code failed} or {@code cancelled}
     */
    public record Span(String name, String parent, Instant start, Instant end, String outcome) {
        public double seconds() {
            return Duration.between(start, end).toMillis() / 1000.0;
        }
    }

    private final List<Span> spans = new ArrayList<>();
    private @Nullable Ended ended;

    public synchronized void add(Span span) {
        spans.add(span);
    }

    /** The environment is gone. */
    public synchronized void end(String reason) {
        ended = Ended.now(reason);
    }

    /** How long each phase took, in seconds, in the order they ended. */
    public synchronized Map<String, Double> seconds() {
        var seconds = new LinkedHashMap<String, Double>();
        spans.forEach(span -> seconds.put(span.name(), span.seconds()));
        return seconds;
    }

    /**
     * {@code {"spans": [{name, parent, start, end, outcome}], "traceEvents": […], "ended": {time, reason}}}: times in ISO 8601;
     * the second part is what chrome://tracing and Perfetto read; the third comes with the end.
     */
    public synchronized String json() {
        var plain = new JsonArray();
        var trace = new JsonArray();
        var lane = 0;
        for (var span : spans) {
            var object = new JsonObject();
            object.addProperty("name", span.name());
            object.addProperty("parent", span.parent());
            object.addProperty("start", span.start().toString());
            object.addProperty("end", span.end().toString());
            object.addProperty("outcome", span.outcome());
            plain.add(object);

            var event = new JsonObject();
            event.addProperty("name", span.name());
            event.addProperty("cat", span.outcome());
            event.addProperty("ph", "X");
            event.addProperty("ts", micros(span.start()));
            event.addProperty("dur", micros(span.end()) - micros(span.start()));
            event.addProperty("pid", 1);
            event.addProperty("tid", span.parent().isEmpty() ? 0 : ++lane);
            trace.add(event);
        }
        var all = new JsonObject();
        all.add("spans", plain);
        all.add("traceEvents", trace);
        if (ended != null) {
            all.add("ended", ended.json());
        }
        return new GsonBuilder().setPrettyPrinting().create().toJson(all) + "\n";
    }

    /** The spans of a {@code timeline.json}, the earliest first; none where there is no such file or it makes no sense. */
    public static List<Span> read(Path file) {
        try {
            return Ended.parse(file)
                    .map(json -> json.getAsJsonArray("spans"))
                    .map(spans -> spans.asList().stream()
                            .map(span -> span(span.getAsJsonObject()))
                            .sorted(Comparator.comparing(Span::start))
                            .toList())
                    .orElse(List.of());
        } catch (ClassCastException | IllegalStateException | NullPointerException | DateTimeException e) {
            return List.of();
        }
    }

    /** Only what began then or later: an earlier environment of the name may have left the file. */
    public static List<Span> readSince(Instant begin, Path file) {
        return read(file).stream().filter(span -> !span.start().isBefore(begin)).toList();
    }

    private static Span span(JsonObject json) {
        return new Span(
                json.get("name").getAsString(),
                json.get("parent").getAsString(),
                Instant.parse(json.get("start").getAsString()),
                Instant.parse(json.get("end").getAsString()),
                json.get("outcome").getAsString());
    }

    private static long micros(Instant time) {
        return time.getEpochSecond() * 1_000_000 + time.getNano() / 1_000;
    }
}
