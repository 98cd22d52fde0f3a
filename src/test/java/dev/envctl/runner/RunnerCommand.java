package dev.envctl.runner;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A command that the runner finds in what a step prints, on either stream: src/Runner.Common/ActionCommand.cs of
 * actions/runner.
 */
public record RunnerCommand(String name, Map<String, String> properties, String data) {
    private static final Set<String> KNOWN = Set.of(
            "add-mask",
            "add-matcher",
            "add-path",
            "debug",
            "echo",
            "endgroup",
            "error",
            "group",
            "notice",
            "remove-matcher",
            "save-state",
            "set-env",
            "set-output",
            "stop-commands",
            "warning");

    /** In their order; the runner ends lines at a carriage return too. */
    public static List<RunnerCommand> in(String printed) {
        return Arrays.stream(printed.split("\r\n|[\r\n]"))
                .flatMap(line -> parse(line).stream())
                .toList();
    }

    public static Optional<RunnerCommand> parse(String line) {
        var trimmed = line.replaceFirst("^[\\s\\p{Z}\\u0085]+", "");
        var end = trimmed.indexOf("::", 2);
        if (trimmed.startsWith("::") && end >= 0) {
            var found = of(trimmed.substring(2, end), ",", trimmed.substring(end + 2), RunnerCommand::property);
            if (found.isPresent()) {
                return found;
            }
        }
        var begin = line.indexOf("##[");
        var close = begin < 0 ? -1 : line.indexOf(']', begin);
        return close < 0
                ? Optional.empty()
                : of(line.substring(begin + 3, close), ";", line.substring(close + 1), RunnerCommand::data);
    }

    private static Optional<RunnerCommand> of(
            String info, String separator, String data, java.util.function.UnaryOperator<String> unescaped) {
        var space = info.indexOf(' ');
        var name = (space < 0 ? info : info.substring(0, space)).toLowerCase(Locale.ROOT);
        if (!KNOWN.contains(name)) {
            return Optional.empty();
        }
        var properties = new LinkedHashMap<String, String>();
        if (space > 0) {
            for (var pair : info.substring(space + 1).strip().split(separator, -1)) {
                var equals = pair.indexOf('=');
                if (equals > 0 && equals < pair.length() - 1) {
                    properties.put(pair.substring(0, equals), unescaped.apply(pair.substring(equals + 1)));
                }
            }
        }
        return Optional.of(new RunnerCommand(name, properties, data(data)));
    }

    private static String data(String text) {
        return text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%");
    }

    private static String property(String text) {
        return data(text.replace("%3A", ":").replace("%2C", ","));
    }

    /** What the runner hides from then on. */
    public static Set<String> masks(String printed) {
        return in(printed).stream()
                .filter(command -> command.name().equals("add-mask"))
                .map(RunnerCommand::data)
                .collect(Collectors.toSet());
    }

    /** What was printed besides masks. */
    public static String withoutMasks(String printed) {
        return Arrays.stream(printed.split("\r\n|[\r\n]"))
                .filter(line -> !line.startsWith("::add-mask::"))
                .collect(Collectors.joining("\n"));
    }
}
