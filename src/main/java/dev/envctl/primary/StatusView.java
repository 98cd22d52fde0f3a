package dev.envctl.primary;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.envctl.process.OwnProcess;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** What {@code GET /v1/status} answers: asks nobody, so that it is always quick. */
record StatusView(
        String name, EventLog events, Lifetime lifetime, Notices notices, AtomicReference<HealthWatch> health) {
    JsonObject json() {
        var status = new JsonObject();
        status.addProperty("state", events.state().word());
        status.addProperty("name", name);
        status.addProperty("pid", OwnProcess.pid());
        var phases = new JsonArray();
        for (var phase : events.running()) {
            var entry = new JsonObject();
            entry.addProperty("name", phase.name());
            entry.addProperty("since", phase.since().toString());
            entry.addProperty("reason", phase.reason());
            phases.add(entry);
        }
        status.add("phases", phases);
        status.add("lifetime", lifetime.json());
        status.add("notices", notices.json());
        Optional.ofNullable(health.get()).flatMap(HealthWatch::json).ifPresent(broken -> status.add("broken", broken));
        return status;
    }
}
