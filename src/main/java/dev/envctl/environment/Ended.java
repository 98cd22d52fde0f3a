package dev.envctl.environment;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;

/**
 * When and why an environment went: the member {@code ended} of its {@code timeline.json}, which stays after the end.
 *
 * @param time ISO 8601
 * @param reason as it reads after "was removed:"
 */
public record Ended(String time, String reason) {
    private static final String MEMBER = "ended";

    static Ended now(String reason) {
        return new Ended(
                Instant.now().truncatedTo(java.time.temporal.ChronoUnit.SECONDS).toString(), reason);
    }

    JsonObject json() {
        var json = new JsonObject();
        json.addProperty("time", time);
        json.addProperty("reason", reason);
        return json;
    }

    /** Adds it to a timeline that a primary which was killed may have left; its spans stay. */
    public static void write(Path timeline, String reason) {
        var json = parse(timeline).orElseGet(JsonObject::new);
        json.add(MEMBER, now(reason).json());
        EnvironmentDirectory.write(
                timeline, new GsonBuilder().setPrettyPrinting().create().toJson(json) + "\n");
    }

    /** What the file says, or empty where the environment has not ended or nobody wrote down why. */
    public static Optional<Ended> read(Path timeline) {
        return parse(timeline)
                .filter(json -> json.has(MEMBER) && json.get(MEMBER).isJsonObject())
                .map(json -> json.getAsJsonObject(MEMBER))
                .filter(ended -> ended.has("time") && ended.has("reason"))
                .map(ended -> new Ended(
                        ended.get("time").getAsString(), ended.get("reason").getAsString()));
    }

    /** The file as it is, or empty where there is none or it is no JSON object. */
    static Optional<JsonObject> parse(Path timeline) {
        try {
            return EnvironmentDirectory.read(timeline)
                    .map(JsonParser::parseString)
                    .filter(json -> json.isJsonObject())
                    .map(json -> json.getAsJsonObject());
        } catch (JsonParseException e) {
            return Optional.empty();
        }
    }
}
