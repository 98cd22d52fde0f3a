package dev.envctl.cli;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.environment.Ended;
import dev.envctl.environment.EnvironmentDirectory;
import dev.envctl.environment.HandOff;
import dev.envctl.primary.Liveness;
import dev.envctl.primary.PrimaryClient;
import dev.envctl.primary.PrimaryRecord;
import dev.envctl.process.OwnProcess;
import java.util.Map;

/** The hand-off of an environment that is ready and whose primary lives: what commands that only look need. */
final class Running {
    private Running() {}

    /** @throws EnvctlException NOT_OWNER where there is none, saying what there is instead */
    static HandOff handOff(EnvironmentOption environment, Map<String, String> variables) {
        var directory = environment.directory(variables);
        var name = environment.name(variables);
        return switch (Liveness.of(directory)) {
            case ALIVE ->
                PrimaryRecord.read(directory.primary())
                        .flatMap(primary -> primary.handOff(directory))
                        .orElseThrow(() -> notReady(name, directory));
            case DEAD -> throw dead(name, directory);
            case NONE ->
                throw new EnvctlException(
                        FailureKind.NOT_OWNER,
                        "Environment %s is not running%s.".formatted(name, ended(directory)),
                        start(name));
        };
    }

    /** When and why it went, as the rest of a sentence; empty where nobody knows. */
    static String ended(EnvironmentDirectory directory) {
        return Ended.read(directory.timeline())
                .map(ended -> ": it was removed at %s: %s".formatted(ended.time(), ended.reason()))
                .orElse("");
    }

    /** Warns of what has happened to an environment that runs. */
    static void tell(EnvironmentDirectory directory, ProgressView view) {
        EnvironmentDirectory.read(directory.notices())
                .ifPresent(notices -> notices.lines().forEach(view::warn));
    }

    /** Whether the primary and all it made ended with the machine. */
    static boolean restarted(EnvironmentDirectory directory) {
        return PrimaryRecord.read(directory.primary())
                .filter(record -> !record.bootId().equals(OwnProcess.bootId()))
                .isPresent();
    }

    private static EnvctlException notReady(String name, EnvironmentDirectory directory) {
        var broken = PrimaryRecord.read(directory.primary()).flatMap(record -> new PrimaryClient(record).broken());
        if (broken.isPresent()) {
            return new EnvctlException(
                    FailureKind.NOT_OWNER,
                    "Environment %s is broken: %s.".formatted(name, broken.get().reason()),
                    "`envctl up --recreate%s` makes it anew.".formatted(option(name)));
        }
        return new EnvctlException(
                FailureKind.NOT_OWNER,
                "Environment %s is not ready: it is being created or removed, or its creation failed.".formatted(name),
                "`%s` waits for it; `envctl status` shows where it is.".formatted("envctl up" + option(name)));
    }

    private static EnvctlException dead(String name, EnvironmentDirectory directory) {
        return new EnvctlException(
                FailureKind.NOT_OWNER,
                "%s; what it made may still be there."
                        .formatted(
                                restarted(directory)
                                        ? "The machine has been restarted since environment %s was made".formatted(name)
                                        : "The primary of environment %s is gone".formatted(name)),
                "`envctl up%1$s` takes over what is whole or makes it anew, `envctl down%1$s` removes it. Its log is %2$s."
                        .formatted(option(name), directory.primaryLog()));
    }

    private static String start(String name) {
        return "Start it with `envctl up%s`.".formatted(option(name));
    }

    static String option(String name) {
        return name.equals(EnvironmentOption.DEFAULT) ? "" : " -e " + name;
    }
}
