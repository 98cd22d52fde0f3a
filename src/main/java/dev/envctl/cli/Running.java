package dev.envctl.cli;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.environment.EnvironmentDirectory;
import dev.envctl.environment.HandOff;
import dev.envctl.primary.Liveness;
import dev.envctl.primary.PrimaryRecord;
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
                        .orElseThrow(() -> creating(name));
            case DEAD -> throw dead(name, directory);
            case NONE ->
                throw new EnvctlException(
                        FailureKind.NOT_OWNER, "Environment %s is not running.".formatted(name), start(name));
        };
    }

    private static EnvctlException creating(String name) {
        return new EnvctlException(
                FailureKind.NOT_OWNER,
                "Environment %s is not ready: it is being created or removed, or its creation failed.".formatted(name),
                "`%s` waits for it; `envctl status` shows where it is.".formatted("envctl up" + option(name)));
    }

    private static EnvctlException dead(String name, EnvironmentDirectory directory) {
        return new EnvctlException(
                FailureKind.NOT_OWNER,
                "The primary of environment %s is gone; what it made may still be there.".formatted(name),
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
