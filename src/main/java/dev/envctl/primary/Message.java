package dev.envctl.primary;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.Progress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Locale;

/** One line of the event stream: progress, a change of state, or the failure that ended a creation or a removal. */
public sealed interface Message {
    record Event(Progress.Event event) implements Message {}

    record Changed(State state) implements Message {}

    record Failed(EnvctlException failure) implements Message {}

    /** As one line of JSON: {@code {"type": …}} and the type's own members. */
    default String json() {
        var json = new JsonObject();
        if (this instanceof Changed changed) {
            json.addProperty("type", "state");
            json.addProperty("state", changed.state().word());
        } else if (this instanceof Failed failed) {
            json.addProperty("type", "failure");
            json.addProperty("kind", failed.failure().kind().name());
            json.addProperty("exitCode", failed.failure().kind().exitCode());
            json.addProperty("problem", failed.failure().problem());
            json.addProperty("remedy", failed.failure().remedy());
            var details = new JsonArray();
            failed.failure().details().forEach(details::add);
            json.add("details", details);
        } else if (this instanceof Event event) {
            write(event.event(), json);
        }
        return json.toString();
    }

    private static void write(Progress.Event event, JsonObject json) {
        if (event instanceof Progress.Started started) {
            json.addProperty("type", "started");
            json.addProperty("phase", started.phase());
        } else if (event instanceof Progress.Waiting waiting) {
            json.addProperty("type", "waiting");
            json.addProperty("phase", waiting.phase());
            json.addProperty("reason", waiting.reason());
        } else if (event instanceof Progress.Finished finished) {
            json.addProperty("type", "finished");
            json.addProperty("phase", finished.phase());
            json.addProperty("outcome", finished.outcome().name().toLowerCase(Locale.ROOT));
            json.addProperty("seconds", finished.took().toMillis() / 1000.0);
        } else if (event instanceof Progress.Note note) {
            json.addProperty("type", "note");
            json.addProperty("message", note.message());
        } else if (event instanceof Progress.Warning warning) {
            json.addProperty("type", "warning");
            json.addProperty("message", warning.message());
        }
    }

    static Message parse(String line) {
        var json = JsonParser.parseString(line).getAsJsonObject();
        return switch (text(json, "type")) {
            case "state" -> new Changed(State.of(text(json, "state")));
            case "failure" -> new Failed(failure(json));
            case "started" -> new Event(new Progress.Started(text(json, "phase")));
            case "waiting" -> new Event(new Progress.Waiting(text(json, "phase"), text(json, "reason")));
            case "finished" ->
                new Event(new Progress.Finished(
                        text(json, "phase"),
                        Progress.Outcome.valueOf(text(json, "outcome").toUpperCase(Locale.ROOT)),
                        Duration.ofMillis(Math.round(json.get("seconds").getAsDouble() * 1000))));
            case "warning" -> new Event(new Progress.Warning(text(json, "message")));
            default -> new Event(new Progress.Note(text(json, "message")));
        };
    }

    private static EnvctlException failure(JsonObject json) {
        var details = new ArrayList<String>();
        json.getAsJsonArray("details").forEach(line -> details.add(line.getAsString()));
        return new EnvctlException(
                FailureKind.valueOf(text(json, "kind")), text(json, "problem"), text(json, "remedy"), details, null);
    }

    private static String text(JsonObject json, String member) {
        return json.has(member) ? json.get(member).getAsString() : "";
    }
}
