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
        if (Objects.toString(failure.getProblem(), "").contains("(TAB)")) {
            problems.at(mark, 1, "a tab stands here; YAML wants spaces");
            return;
        }
        if (Objects.toString(failure.getContext(), "").contains("expected a single document")) {
            problems.at(mark, 1, "a second document starts here; the file may hold only one");
            return;
        }
        var began = failure.getContextMark();
        var problem = Objects.toString(failure.getProblem(), "").replaceAll("\\.? \\(Do not use .*", "");
        if (began == null || failure.getContext() == null || began.getLine() == mark.getLine()) {
            problems.at(mark, 1, "this is not valid YAML: " + problem);
        } else if (source.text().codePointCount(0, source.text().length()) <= mark.getIndex()) {
            // Something was never closed: the end of the file is the last place to look for it.
            problems.at(began, 1, "this is not valid YAML: %s %s".formatted(problem, failure.getContext()));
        } else {
            problems.at(
                    mark,
                    1,
                    "this is not valid YAML: %s (%s that begins in line %d)"
                            .formatted(problem, failure.getContext(), began.getLine() + 1));
        }
    }
}
