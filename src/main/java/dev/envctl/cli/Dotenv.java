package dev.envctl.cli;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * {@code NAME=value} lines that GitLab's dotenv reports and shells take the same way. GitLab reads a value as it stands: quotes
 * stay in it, blanks around it go, references with {@code $} are replaced, and there is no way to write a second line
 * (docs.gitlab.com/ci/yaml/artifacts_reports, app/services/ci/parse_dotenv_artifact_service.rb of GitLab 18). A shell takes as it
 * stands only what needs no quotes.
 */
final class Dotenv {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern VALUE = Pattern.compile("[\\p{L}\\p{N}_@%+=:,./-]*");

    /** {@code dotenv_size} of GitLab.com and the default elsewhere: a report must be smaller. */
    private static final int LIMIT = 5 * 1024;

    /** The default of GitLab Self-Managed, and the least of all. */
    private static final int FEWEST = 20;

    private Dotenv() {}

    /**
     * The lines.
     *
     * @throws EnvctlException USAGE where GitLab or a shell would not read them back
     */
    static String of(Map<String, String> variables, Consumer<String> warn) {
        var refused = new ArrayList<String>();
        variables.forEach((name, value) -> {
            if (!NAME.matcher(name).matches()) {
                refused.add("the name `%s`".formatted(name.replaceAll("\\p{Cntrl}", "\uFFFD")));
            } else if (!VALUE.matcher(value).matches()) {
                refused.add("%s, whose value %s".formatted(name, why(value)));
            }
        });
        if (!refused.isEmpty()) {
            throw new EnvctlException(
                    FailureKind.USAGE,
                    "`-o dotenv` cannot carry %s.".formatted(String.join("; ", refused)),
                    "Use `envctl env --shell none` in the job that needs them, or move the project to a folder with a plain name.");
        }
        var text = variables.entrySet().stream()
                .map(variable -> variable.getKey() + "=" + variable.getValue() + "\n")
                .collect(Collectors.joining());
        var size = text.getBytes(StandardCharsets.UTF_8).length;
        if (size >= LIMIT) {
            throw new EnvctlException(
                    FailureKind.USAGE,
                    "`-o dotenv` cannot carry %d bytes: GitLab takes fewer than %d in a report.".formatted(size, LIMIT),
                    "Use `envctl env --shell none` in the job that needs them.");
        }
        if (variables.size() > FEWEST) {
            warn.accept("As a report these are %d variables; GitLab Self-Managed takes %d unless its limit was raised."
                    .formatted(variables.size(), FEWEST));
        }
        return text;
    }

    /** Never the value itself, which may be a secret. */
    private static String why(String value) {
        if (value.chars().anyMatch(c -> c == '\n' || c == '\r')) {
            return "has more than one line";
        }
        if (value.indexOf('$') >= 0) {
            return "has a `$`, which GitLab replaces";
        }
        return "would need quotes, which GitLab does not take away";
    }
}
