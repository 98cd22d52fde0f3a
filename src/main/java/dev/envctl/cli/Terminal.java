package dev.envctl.cli;

import java.util.Map;
import java.util.stream.Collectors;

/**
 * What the command line is connected to.
 *
 * @param input whether standard input is a terminal, so that a question can be asked
 * @param output whether standard output is a terminal, so that it can be drawn anew
 * @param errors whether standard error is a terminal, so that progress can be drawn
 * @param variables the process environment
 */
record Terminal(boolean input, boolean output, boolean errors, Map<String, String> variables) {
    /** One whose standard output is none. */
    Terminal(boolean input, boolean errors, Map<String, String> variables) {
        this(input, false, errors, variables);
    }

    /** The launcher says which streams are terminals: Java cannot tell for standard error. */
    static Terminal detect() {
        var streams = System.getProperty("envctl.terminals", "");
        return new Terminal(streams.contains("0"), streams.contains("1"), streams.contains("2"), System.getenv());
    }

    /** Whether what is written is read by the runner of GitHub Actions, which takes some lines for commands. */
    boolean isRead() {
        return "true".equals(variables.get("GITHUB_ACTIONS"));
    }

    /** Text with lines of others in it, as it may be written here. */
    String inert(String text) {
        return isRead()
                ? text.lines().map(WorkflowCommand::inert).collect(Collectors.joining("\n"))
                        + (text.endsWith("\n") ? "\n" : "")
                : text;
    }

    /** The same for JSON. */
    String inertJson(String json) {
        return isRead() ? WorkflowCommand.inertJson(json) : json;
    }

    boolean dumb() {
        return "dumb".equals(variables.get("TERM"));
    }

    /** See no-color.org. */
    boolean colourful(ColorChoice choice) {
        return switch (choice) {
            case always -> true;
            case never -> false;
            case auto ->
                errors && !dumb() && variables.getOrDefault("NO_COLOR", "").isEmpty();
        };
    }

    /** Names as they are typed on the command line. */
    enum ColorChoice {
        auto,
        always,
        never
    }
}
