package dev.envctl.primary;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.envctl.environment.HandOff;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The leases that are there from the start, which belong to whoever reads their files. */
final class StaticLeases {
    private StaticLeases() {}

    static JsonArray of(HandOff handOff) {
        var all = new JsonArray();
        for (var worker : handOff.workers()) {
            var json = new JsonObject();
            json.addProperty("worker", worker.index());
            json.addProperty("state", "fixed");
            json.addProperty("since", since(Path.of(worker.file()), handOff));
            json.addProperty("file", worker.file());
            all.add(json);
        }
        return all;
    }

    /** When it was issued. */
    private static String since(Path file, HandOff handOff) {
        try {
            return Files.getLastModifiedTime(file).toInstant().toString();
        } catch (IOException e) {
            return handOff.primary().started();
        }
    }
}
