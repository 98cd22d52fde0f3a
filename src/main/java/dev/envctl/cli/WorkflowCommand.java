package dev.envctl.cli;

import java.util.Map;
import java.util.stream.Collectors;

/**
 * Lines that the runner of GitHub Actions obeys, {@code ::name key=value,…::data}, as src/Runner.Common/ActionCommand.cs of
 * actions/runner 2.3 reads them: on standard output and on standard error alike.
 */
final class WorkflowCommand {
    private static final String MARK = "::";
    private static final String OLD_MARK = "##[";

    private WorkflowCommand() {}

    static String of(String name, Map<String, String> properties, String data) {
        var told = properties.entrySet().stream()
                .map(property -> property.getKey() + "=" + property(property.getValue()))
                .collect(Collectors.joining(","));
        return MARK + name + (told.isEmpty() ? "" : " " + told) + MARK + data(data);
    }

    static String of(String name, String data) {
        return of(name, Map.of(), data);
    }

    private static String data(String text) {
        return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
    }

    private static String property(String text) {
        return data(text).replace(":", "%3A").replace(",", "%2C");
    }

    /** The same line for people, which no runner obeys: of what others have written, such as logs of containers. */
    static String inert(String line) {
        var begin = 0;
        while (begin < line.length() && isBlank(line.charAt(begin))) {
            begin++;
        }
        var harmless =
                line.startsWith(MARK, begin) ? line.substring(0, begin) + ": :" + line.substring(begin + 2) : line;
        return harmless.replace(OLD_MARK, "# #[");
    }

    /** The same JSON, in which no runner finds the mark that it obeys in the middle of a line. */
    static String inertJson(String json) {
        return json.replace(OLD_MARK, "##\\u005b");
    }

    /** What .NET takes away at the start of a line. */
    private static boolean isBlank(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u0085';
    }
}
