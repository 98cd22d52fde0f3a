package dev.envctl.cli;

import dev.envctl.EnvctlException;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** A step of GitHub Actions: secrets are masked before anything of them is written anywhere. */
final class GithubStep implements Recipient {
    /** The runner cuts messages off there. */
    private static final int LONGEST_MESSAGE = 4000;

    private static final int SHORTEST_SECRET = 4;

    private final GithubFiles files;
    private final PrintWriter out;

    GithubStep(GithubFiles files, PrintWriter out) {
        this.files = files;
        this.out = out;
    }

    /** Folds the progress that follows in the step's log. */
    static GithubStep begin(String title, Map<String, String> variables, PrintWriter out) {
        var step = new GithubStep(new GithubFiles(variables, () -> "envctl-" + UUID.randomUUID()), out);
        step.print(WorkflowCommand.of("group", title));
        return step;
    }

    @Override
    public void take(Handout handout) {
        print(WorkflowCommand.of("endgroup", ""));
        mask(handout.secrets());
        files.tell(handout.variables(), handout.outputs());
        summarize(handout.summary());
    }

    @Override
    public void takeFailure(Supplier<String> markdown) {
        summarize(markdown.get());
    }

    private void summarize(String markdown) {
        if (!files.summarize(markdown)) {
            print(WorkflowCommand.of("warning", "The summary of this step has no room for what envctl would tell."));
        }
    }

    /** Each line for itself too, as the log shows them. */
    private void mask(Collection<String> secrets) {
        secrets.stream()
                .flatMap(secret -> Stream.concat(Stream.of(secret), secret.lines()))
                // A mask for a letter or two would make every log unreadable.
                .filter(secret -> secret.strip().length() >= SHORTEST_SECRET)
                .flatMap(GithubStep::forms)
                .distinct()
                .forEach(secret -> print(WorkflowCommand.of("add-mask", secret)));
    }

    /** As it is, and as it stands in addresses. */
    private static Stream<String> forms(String secret) {
        var encoded = URLEncoder.encode(secret, StandardCharsets.UTF_8);
        return Stream.of(secret, encoded, encoded.replace("+", "%20"));
    }

    /** One line, seen by the runner at once. */
    private void print(String command) {
        out.println(command);
        out.flush();
    }

    /** Shows a failure where the mistake is, or as one of the whole run where it is in no file. */
    static void fail(String title, EnvctlException failure, Map<String, String> variables, PrintWriter out) {
        out.println(WorkflowCommand.of("endgroup", ""));
        annotations(title, failure, Path.of(variables.getOrDefault("GITHUB_WORKSPACE", "")), Path.of(""))
                .forEach(out::println);
        out.flush();
    }

    /**
     * One line each.
     *
     * @param workspace where the repository lies, which annotations name files from
     * @param here where messages name files from
     */
    static List<String> annotations(String title, EnvctlException failure, Path workspace, Path here) {
        if (failure.places().isEmpty()) {
            return List.of(WorkflowCommand.of("error", Map.of("title", title), message(failure)));
        }
        return failure.places().stream()
                .map(place -> {
                    var properties = new LinkedHashMap<String, String>();
                    if (!place.file().isEmpty()) {
                        properties.put("file", inWorkspace(place.file(), workspace, here));
                        properties.put("line", Integer.toString(place.line()));
                        properties.put("col", Integer.toString(place.column()));
                    }
                    properties.put("title", title);
                    return WorkflowCommand.of("error", properties, place.message());
                })
                .toList();
    }

    private static String inWorkspace(String file, Path workspace, Path here) {
        var absolute = here.toAbsolutePath().resolve(file).normalize();
        var root = workspace.toAbsolutePath().normalize();
        return (absolute.startsWith(root) ? root.relativize(absolute) : absolute).toString();
    }

    private static String message(EnvctlException failure) {
        var next = failure.remedy().lines().map(line -> "next: " + line).toList();
        var text = String.join(
                "\n",
                Stream.of(List.of(failure.problem()), next, failure.details())
                        .flatMap(List::stream)
                        .toList());
        return text.length() <= LONGEST_MESSAGE ? text : text.substring(0, LONGEST_MESSAGE) + "…";
    }
}
