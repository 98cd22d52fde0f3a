package dev.envctl.runner;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The files of one step, and what the runner reads in them: src/Runner.Worker/FileCommandManager.cs of actions/runner. */
public final class RunnerFiles {
    private final Path environment;
    private final Path outputs;
    private final Path summary;
    private final Path path;

    /** Makes them, empty, in a folder of their own. */
    public RunnerFiles(Path parent) {
        try {
            var folder = Files.createTempDirectory(parent, "step");
            environment = Files.createFile(folder.resolve("set_env"));
            outputs = Files.createFile(folder.resolve("set_output"));
            summary = Files.createFile(folder.resolve("step_summary"));
            path = Files.createFile(folder.resolve("add_path"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What a step finds in its environment. */
    public Map<String, String> variables() {
        return Map.of(
                "GITHUB_ACTIONS", "true",
                "CI", "true",
                "GITHUB_ENV", environment.toString(),
                "GITHUB_OUTPUT", outputs.toString(),
                "GITHUB_STEP_SUMMARY", summary.toString(),
                "GITHUB_PATH", path.toString());
    }

    public Path environmentFile() {
        return environment;
    }

    public Path summaryFile() {
        return summary;
    }

    /** The variables of all later steps. */
    public Map<String, String> environment() {
        return parse(text(environment));
    }

    public Map<String, String> outputs() {
        return parse(text(outputs));
    }

    public String summary() {
        return text(summary);
    }

    public List<String> path() {
        return text(path).lines().filter(line -> !line.isEmpty()).toList();
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code NAME=value} lines, and values between a line {@code NAME<<DELIMITER} and a line that is the delimiter. */
    static Map<String, String> parse(String text) {
        var found = new LinkedHashMap<String, String>();
        var at = 0;
        while (at < text.length()) {
            var line = line(text, at);
            at += line.length() + 1;
            var equals = line.indexOf('=');
            var heredoc = line.indexOf("<<");
            if (line.isEmpty()) {
                continue;
            }
            if (equals >= 0 && (heredoc < 0 || equals < heredoc)) {
                found.put(line.substring(0, equals), line.substring(equals + 1));
            } else if (heredoc > 0 && heredoc + 2 < line.length()) {
                var begin = at;
                var end = at;
                var delimiter = line.substring(heredoc + 2);
                while (true) {
                    if (at >= text.length()) {
                        throw new IllegalArgumentException("Matching delimiter not found '" + delimiter + "'");
                    }
                    var next = line(text, at);
                    if (next.equals(delimiter)) {
                        at += next.length() + 1;
                        break;
                    }
                    at += next.length() + 1;
                    end = at - 1;
                }
                found.put(line.substring(0, heredoc), text.substring(begin, end));
            } else {
                throw new IllegalArgumentException("Invalid format '" + line + "'");
            }
        }
        if (found.keySet().stream().anyMatch(name -> name.equalsIgnoreCase("NODE_OPTIONS"))) {
            throw new IllegalArgumentException("Can't store NODE_OPTIONS");
        }
        return found;
    }

    private static String line(String text, int from) {
        var end = text.indexOf('\n', from);
        return text.substring(from, end < 0 ? text.length() : end);
    }
}
