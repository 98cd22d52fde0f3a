package dev.envctl.primary;

import com.google.gson.JsonArray;
import dev.envctl.EnvctlException;
import dev.envctl.environment.EnvironmentDirectory;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** What has happened to the running environment and does not end it; the next command says it. Thread-safe. */
final class Notices {
    private static final int KEPT = 20;

    private final EnvironmentDirectory directory;
    private final EventLog events;
    private final List<String> lines = new ArrayList<>();

    Notices(EnvironmentDirectory directory, EventLog events) {
        this.directory = directory;
        this.events = events;
    }

    synchronized void add(String notice) {
        events.warn(notice);
        lines.add("%s %s".formatted(Instant.now().truncatedTo(ChronoUnit.SECONDS), notice));
        if (lines.size() > KEPT) {
            lines.remove(0);
        }
        try {
            EnvironmentDirectory.write(directory.notices(), String.join("\n", lines) + "\n");
        } catch (EnvctlException e) {
            // A full disk is one of the things that are told: `status` gets it over the API.
            events.warn(e.problem());
        }
    }

    synchronized JsonArray json() {
        var json = new JsonArray();
        lines.forEach(json::add);
        return json;
    }
}
