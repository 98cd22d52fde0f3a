package dev.envctl.cli;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.UUID;

/** The files of a GitHub Actions step, docs.github.com/actions/reference/workflow-commands-for-github-actions. */
final class GithubStep {
    private final Path outputs;
    private final Path summary;

    /** @throws EnvctlException USAGE where this is none */
    GithubStep(Map<String, String> variables) {
        outputs = file(variables, "GITHUB_OUTPUT");
        summary = file(variables, "GITHUB_STEP_SUMMARY");
    }

    private static Path file(Map<String, String> variables, String name) {
        var file = variables.getOrDefault(name, "");
        if (file.isEmpty()) {
            throw new EnvctlException(
                    FailureKind.USAGE,
                    "`-o github` writes to the file that %s names, and it names none.".formatted(name),
                    "Use it in a step of GitHub Actions, or `-o json` elsewhere.");
        }
        return Path.of(file);
    }

    void output(String name, String value) {
        // No line of the value may be taken for its end.
        var end = "end-" + UUID.randomUUID();
        append(outputs, "%1$s<<%3$s\n%2$s\n%3$s\n".formatted(name, value, end));
    }

    void summary(String markdown) {
        append(summary, markdown);
    }

    private static void append(Path file, String text) {
        try {
            Files.writeString(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new EnvctlException(
                    FailureKind.FAILED, "%s cannot be written: %s.".formatted(file, e.getMessage()), "", e);
        }
    }

    /** One line that shows a failure as an annotation. */
    static String error(String title, EnvctlException failure) {
        var lines = String.join("\n", failure.details());
        var message = "%s\n%s\n%s".formatted(failure.problem(), lines, failure.remedy());
        return "::error title=%s::%s"
                .formatted(
                        escaped(title).replace(":", "%3A").replace(",", "%2C"),
                        escaped(message.strip().replaceAll("\n+", "\n")));
    }

    private static String escaped(String text) {
        return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
    }
}
