package dev.envctl.maven;

import dev.envctl.EnvctlException;
import dev.envctl.environment.EnvironmentDirectory;
import java.nio.file.Files;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.stream.Stream;

/** A failure as Maven shows it without -e: the problem, what was seen on the way, what to do next, where to look. */
record FailureText(EnvctlException failure, Optional<EnvironmentDirectory> directory) {
    String text() {
        var lines = new StringJoiner("\n");
        lines.add(failure.problem());
        failure.details().forEach(detail -> lines.add("  " + detail));
        failure.remedy().lines().forEach(line -> lines.add("Next: " + line));
        directory.stream()
                .flatMap(found -> Stream.of(found.diagnostics(), found.primaryLog()))
                .filter(Files::exists)
                .forEach(path -> lines.add("See " + path));
        return lines.toString();
    }

    /** In one line. */
    static String sentence(EnvctlException failure) {
        return (failure.problem() + " " + failure.remedy()).strip();
    }
}
