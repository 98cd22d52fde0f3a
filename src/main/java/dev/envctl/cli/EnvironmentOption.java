package dev.envctl.cli;

import dev.envctl.client.Request;
import dev.envctl.environment.EnvironmentDirectory;
import dev.envctl.spec.EnvironmentFiles;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine.Option;

/** Which environment a command is about. */
final class EnvironmentOption {
    static final String DEFAULT = Request.DEFAULT_NAME;

    @Option(
            names = {"-e", "--environment"},
            paramLabel = "NAME",
            description = "The environment: environments/NAME.yaml. Default: $$ENVCTL_ENVIRONMENT, else e2e.")
    private String name = "";

    /** Whether the command line names one. */
    boolean given() {
        return !name.isEmpty();
    }

    String name(Map<String, String> variables) {
        if (!name.isEmpty()) {
            return name;
        }
        var variable = variables.getOrDefault("ENVCTL_ENVIRONMENT", "");
        return variable.isEmpty() ? DEFAULT : variable;
    }

    /** The project around the current directory. */
    EnvironmentFiles files() {
        return EnvironmentFiles.around(Path.of(""));
    }

    EnvironmentDirectory directory(Map<String, String> variables) {
        return EnvironmentDirectory.of(files().root(), name(variables));
    }
}
