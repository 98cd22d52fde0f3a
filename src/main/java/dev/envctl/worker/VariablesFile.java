package dev.envctl.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads {@code NAME=value} lines, whose values are plain or quoted for a POSIX shell. */
final class VariablesFile {
    private VariablesFile() {}

    static Map<String, String> read(Path file) {
        try {
            return parse(Files.readString(file));
        } catch (NoSuchFileException e) {
            throw new LeaseException("There is no lease %s. %s".formatted(file, hint(file)), e);
        } catch (IOException e) {
            throw new LeaseException("The lease %s cannot be read: %s".formatted(file, e.getMessage()), e);
        }
    }

    private static String hint(Path file) {
        return Files.isRegularFile(file.resolveSibling("1.env"))
                ? "The environment has fewer: set workers.count to as many as there are test processes at a time, with `mvn -T` of"
                        + " all modules together."
                : "`envctl status` says whether the environment is running, `envctl up` makes it.";
    }

    static Map<String, String> parse(String text) {
        var variables = new LinkedHashMap<String, String>();
        text.lines().forEach(line -> {
            var equals = line.indexOf('=');
            if (equals > 0) {
                variables.put(line.substring(0, equals), unquote(line.substring(equals + 1)));
            }
        });
        return variables;
    }

    /** {@code 'it'\''s'} is {@code it's}. */
    private static String unquote(String value) {
        return value.length() > 1 && value.startsWith("'") && value.endsWith("'")
                ? value.substring(1, value.length() - 1).replace("'\\''", "'")
                : value;
    }
}
