package dev.envctl.spec;

import java.util.Objects;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;

/** Says in plain words why text is not YAML. */
final class SyntaxProblem {
    private final MarkedYAMLException failure;
    private final SourceText source;

    SyntaxProblem(MarkedYAMLException failure, SourceText source) {
        this.failure = failure;
        this.source = source;
    }

    void addTo(Problems problems) {
        var mark = failure.getProblemMark() == null
                ? Objects.requireNonNull(failure.getContextMark())
                : failure.getProblemMark();
        var line = source.line(mark.getLine());
        var tab = line.indexOf('\t');
        if (tab >= 0 && line.substring(0, tab).isBlank()) {
            var at = new Mark("", 0, mark.getLine(), tab, new int[0], 0);
            problems.at(at, 1, "a tab is used for indentation; YAML wants spaces");
            return;
        }
        if (Objects.toString(failure.getContext(), "").contains("expected a single document")) {
            problems.at(mark, 1, "a second document starts here; the file may hold only one");
            return;
        }
        problems.at(mark, 1, "this is not valid YAML: " + failure.getProblem() + context(mark));
    }

    /** Where the construct began that is broken further down. */
    private String context(Mark problem) {
        var began = failure.getContextMark();
        if (began == null || began.getLine() == problem.getLine() || failure.getContext() == null) {
            return "";
        }
        return " (%s that begins in line %d)".formatted(failure.getContext(), began.getLine() + 1);
    }
}
