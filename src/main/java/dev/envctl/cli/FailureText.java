package dev.envctl.cli;

import dev.envctl.EnvctlException;
import java.util.ArrayList;
import java.util.List;

/** A failure as people read it: the problem, what was seen on the way, what to do next. */
final class FailureText {
    private FailureText() {}

    static List<String> lines(EnvctlException failure, Style style) {
        var lines = new ArrayList<String>();
        var problem = failure.problem().lines().toList();
        lines.add(style.bad("error:") + " " + (problem.isEmpty() ? failure.kind() : problem.get(0)));
        lines.addAll(problem.subList(Math.min(1, problem.size()), problem.size()));
        failure.details().forEach(detail -> lines.add("  " + detail));
        failure.remedy().lines().forEach(line -> lines.add(style.strong("next:") + " " + line));
        return lines;
    }
}
