package dev.envctl.cli;

import com.google.gson.JsonObject;
import java.util.ArrayList;

/** What will end the environment and what has happened to it, from a primary's status. */
final class LifetimeText {
    private LifetimeText() {}

    static String of(JsonObject status) {
        var text = new StringBuilder();
        var lifetime = status.getAsJsonObject("lifetime");
        if (lifetime != null) {
            text.append("  %-11s %s%n".formatted("until", until(lifetime)));
        }
        var notices = status.getAsJsonArray("notices");
        if (notices != null) {
            notices.forEach(notice -> text.append("  %-11s %s%n".formatted("notice", notice.getAsString())));
        }
        return text.toString();
    }

    private static String until(JsonObject lifetime) {
        var ends = new ArrayList<String>();
        if (lifetime.has("endsAt")) {
            ends.add("%s (time to live %s)"
                    .formatted(
                            lifetime.get("endsAt").getAsString(),
                            lifetime.get("ttl").getAsString()));
        }
        if (lifetime.has("idle")) {
            ends.add("nobody uses it for %s%s"
                    .formatted(
                            lifetime.get("idle").getAsString(),
                            lifetime.has("idleEndsAt")
                                    ? " (at the earliest "
                                            + lifetime.get("idleEndsAt").getAsString() + ")"
                                    : ""));
        }
        if (lifetime.has("owners")) {
            var pids = new ArrayList<String>();
            lifetime.getAsJsonArray("owners").forEach(pid -> pids.add(pid.getAsString()));
            ends.add("its owner is gone (pid %s)".formatted(String.join(", ", pids)));
        }
        ends.add("`envctl down`");
        var ephemeral = lifetime.get("ephemeral").getAsBoolean() ? ", or primary and owner are killed" : "";
        return String.join(", or ", ends) + ephemeral;
    }
}
