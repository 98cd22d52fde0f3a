package dev.envctl.cli;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The files through which a step of GitHub Actions speaks to later steps and to the page of the run:
 * docs.github.com/actions/reference/workflow-commands-for-github-actions.
 */
final class GithubFiles {
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern OUTPUT = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]*");

    /** What the runner does not take, or what the workflow itself rests on. */
    private static final Pattern RESERVED =
            Pattern.compile("(GITHUB|RUNNER|ACTIONS)_.*|NODE_OPTIONS|CI|PATH|BASH_ENV|LD_.*");

    /** Of one step: the runner drops a longer one whole. */
    private static final long SUMMARY_LIMIT = 1 << 20;

    private final Path environment;
    private final Path outputs;
    private final Path summary;
    private final Supplier<String> delimiters;

    /** @throws EnvctlException USAGE where there are none, or where they cannot be written */
    GithubFiles(Map<String, String> variables, Supplier<String> delimiters) {
        environment = file(variables, "GITHUB_ENV");
        outputs = file(variables, "GITHUB_OUTPUT");
        summary = file(variables, "GITHUB_STEP_SUMMARY");
        this.delimiters = delimiters;
    }

    private static Path file(Map<String, String> variables, String name) {
        var file = variables.getOrDefault(name, "");
        if (file.isEmpty()) {
            throw unusable("`-o github` writes to the file that %s names, and it names none.".formatted(name), null);
        }
        try {
            var path = Path.of(file);
            Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND)
                    .close();
            return path;
        } catch (IOException | InvalidPathException e) {
            throw unusable("`-o github` writes to %s, as %s says, and it cannot: %s.".formatted(file, name, e), e);
        }
    }

    private static EnvctlException unusable(String problem, @Nullable Exception cause) {
        return new EnvctlException(
                FailureKind.USAGE,
                problem,
                "Use it in a step of GitHub Actions; elsewhere `-o json`, or `-o dotenv` in GitLab.",
                cause);
    }

    /** Makes variables and outputs known to later steps, all or none. */
    void tell(Map<String, String> variables, Map<String, String> told) {
        var lines = new StringBuilder();
        variables.forEach((name, value) -> {
            require(
                    VARIABLE.matcher(name).matches()
                            && !RESERVED.matcher(name.toUpperCase(Locale.ROOT)).matches(),
                    "a variable of this name",
                    name);
            lines.append(entry(name, value));
        });
        var more = new StringBuilder();
        told.forEach((name, value) -> {
            require(OUTPUT.matcher(name).matches(), "an output of this name", name);
            more.append(entry(name, value));
        });
        append(environment, lines.toString());
        append(outputs, more.toString());
    }

    /** No line of the value can be taken for its end, because nobody can know the delimiter beforehand. */
    private String entry(String name, String value) {
        var delimiter = delimiters.get();
        require(!value.contains(delimiter), "a value that contains its own delimiter", name);
        require(value.indexOf('\0') < 0, "a value with a zero byte", name);
        return "%1$s<<%3$s\n%2$s\n%3$s\n".formatted(name, value, delimiter);
    }

    private static void require(boolean fine, String what, String name) {
        if (!fine) {
            throw new EnvctlException(
                    FailureKind.USAGE,
                    "`-o github` does not hand out %s: %s".formatted(what, name.replaceAll("\\p{Cntrl}", "\uFFFD")),
                    "");
        }
    }

    /** Whether there was room for it: nothing of the step's own summary is lost for ours. */
    boolean summarize(String markdown) {
        try {
            if (Files.size(summary) + markdown.getBytes(StandardCharsets.UTF_8).length + 1 > SUMMARY_LIMIT) {
                return false;
            }
        } catch (IOException e) {
            throw unwritable(summary, e);
        }
        append(summary, markdown);
        return true;
    }

    /** Begins a line of its own: who wrote before may have left one open. */
    private static void append(Path file, String text) {
        try (var opened = new RandomAccessFile(file.toFile(), "rw")) {
            var length = opened.length();
            opened.seek(Math.max(0, length - 1));
            var open = length > 0 && opened.read() != '\n';
            opened.seek(length);
            opened.write(((open ? "\n" : "") + text).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw unwritable(file, e);
        }
    }

    private static EnvctlException unwritable(Path file, IOException e) {
        return new EnvctlException(
                FailureKind.FAILED,
                "%s cannot be written: %s.".formatted(file, e.getMessage()),
                "Check free space and who owns the file.",
                e);
    }
}
