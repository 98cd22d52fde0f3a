package dev.envctl.cli;

import dev.envctl.environment.WorkerLease;
import java.util.Map;
import java.util.stream.Collectors;

/** How variables are written; names as they are typed. */
enum Shell {
    bash,
    fish,
    powershell,
    none;

    String line(String name, String value) {
        return switch (this) {
            case bash -> "export %s='%s'".formatted(name, value.replace("'", "'\\''"));
            case fish ->
                "set -gx %s '%s'".formatted(name, value.replace("\\", "\\\\").replace("'", "\\'"));
            case powershell -> "$env:%s = '%s'".formatted(name, value.replace("'", "''"));
            case none -> WorkerLease.line(name, value);
        };
    }

    String lines(Map<String, String> variables) {
        return variables.entrySet().stream()
                .map(variable -> line(variable.getKey(), variable.getValue()) + "\n")
                .collect(Collectors.joining());
    }
}
