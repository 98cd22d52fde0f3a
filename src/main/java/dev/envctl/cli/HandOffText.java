package dev.envctl.cli;

import dev.envctl.environment.HandOff;
import java.nio.file.Path;

/** The hand-off for people. */
final class HandOffText {
    private HandOffText() {}

    static String of(HandOff handOff) {
        var text = new StringBuilder();
        text.append("environment %s (%s) is %s%n".formatted(handOff.name(), handOff.id(), handOff.state()));
        line(text, "kubeconfig", handOff.cluster().kubeconfig());
        line(text, "API server", handOff.cluster().server());
        var postgres = handOff.services().postgres();
        if (postgres != null) {
            line(
                    text,
                    "Postgres",
                    "%s:%d, database %s".formatted(postgres.host(), postgres.port(), postgres.database()));
        }
        var redis = handOff.services().redis();
        if (redis != null) {
            line(text, "Redis", "%s:%d".formatted(redis.host(), redis.port()));
        }
        if (!handOff.workers().isEmpty()) {
            line(
                    text,
                    "workers",
                    "%d leases in %s"
                            .formatted(
                                    handOff.workers().size(),
                                    Path.of(handOff.workers().get(0).file()).getParent()));
        }
        return text.toString();
    }

    private static void line(StringBuilder text, String title, String value) {
        text.append("  %-11s %s%n".formatted(title, value));
    }
}
