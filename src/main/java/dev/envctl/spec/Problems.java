package dev.envctl.spec;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.Place;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.nodes.Node;

/** What is wrong with one file, collected so that it can be told all at once and in file order. */
final class Problems {
    private final SourceText source;
    private final List<Problem> found = new ArrayList<>();
    private final Set<Node> doubtful = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Set<Integer> spoilt = new HashSet<>();

    Problems(SourceText source) {
        this.source = source;
    }

    /** Notes that a value is spoilt so much that nothing else need be said of it. */
    void spoilt(Node node, String message) {
        spoilt.add(node.getStartMark().getIndex());
        at(node, message);
    }

    /** Points at a value, or at its key where the value has no place of its own on one line. */
    void atValue(YamlValue value, String message) {
        var node = value.node();
        if (Origin.of(node.getStartMark()).isEmpty()
                && spoilt.contains(node.getStartMark().getIndex())) {
            return;
        }
        var fits = node.getStartMark().getLine() == node.getEndMark().getLine() && width(node) > 0;
        var keyNode = value.keyNode();
        at(fits || keyNode == null ? node : keyNode, message);
    }

    void atKey(YamlValue value, String message) {
        var keyNode = value.keyNode();
        at(keyNode == null ? value.node() : keyNode, message);
    }

    void at(Node node, String message) {
        var sameLine = node.getStartMark().getLine() == node.getEndMark().getLine();
        at(node.getStartMark(), sameLine ? width(node) : 1, message);
    }

    void at(Mark mark, int width, String message) {
        var origin = Origin.of(mark);
        found.add(
                origin.isEmpty()
                        ? new Problem("", mark.getLine(), mark.getColumn(), Math.max(1, width), message)
                        : new Problem(origin, Integer.MAX_VALUE, 0, 0, message));
    }

    /** A problem of a value that is set outside the file. */
    void outside(String origin, String message) {
        found.add(new Problem(origin, Integer.MAX_VALUE, 0, 0, message));
    }

    /** Nothing should be concluded from a value that is wrong, or from the absence of a key beside a misspelt one. */
    void doubt(YamlValue value) {
        doubtful.add(value.node());
    }

    boolean isDoubtful(YamlValue value) {
        return doubtful.contains(value.node());
    }

    void orThrow(String remedy) {
        if (!found.isEmpty()) {
            var inOrder = found.stream().distinct().sorted(Problem.ORDER).toList();
            throw new EnvctlException(
                    FailureKind.USAGE,
                    text(inOrder),
                    remedy,
                    inOrder.stream().map(this::place).toList());
        }
    }

    private String text(List<Problem> inOrder) {
        var blocks = inOrder.stream().map(this::block).map(Problems::shown).collect(Collectors.joining("\n\n"));
        return heading(inOrder) + "\n\n" + blocks;
    }

    /** What a terminal would obey rather than show must not reach it. */
    private static String shown(String text) {
        return text.replaceAll("[\\p{Cntrl}&&[^\t\n]]", "\uFFFD");
    }

    private Place place(Problem problem) {
        return problem.origin().isEmpty()
                ? new Place(source.shownAs(), problem.line() + 1, problem.column() + 1, shown(problem.message()))
                : new Place("", 0, 0, shown(problem.origin() + ": " + problem.message()));
    }

    private String heading(List<Problem> problems) {
        var count = problems.size();
        var inFile =
                problems.stream().filter(problem -> problem.origin().isEmpty()).count();
        var errors = count == 1 ? "1 error" : count + " errors";
        return inFile == count
                ? "%s has %s:".formatted(source.shownAs(), errors)
                : "%s, with what is set outside it, has %s:".formatted(source.shownAs(), errors);
    }

    private String block(Problem problem) {
        if (!problem.origin().isEmpty()) {
            return problem.origin() + ": " + problem.message();
        }
        var line = source.line(problem.line());
        var carets = "^".repeat(problem.width());
        return "%s:%d:%d: %s\n%5d | %s\n      | %s%s"
                .formatted(
                        source.shownAs(),
                        problem.line() + 1,
                        problem.column() + 1,
                        problem.message(),
                        problem.line() + 1,
                        line,
                        indentation(line, problem.column()),
                        carets);
    }

    /** As wide as the line up to the column: tabs stay tabs, so that the caret stands right in every terminal. */
    private static String indentation(String line, int column) {
        return line.codePoints()
                        .limit(column)
                        .mapToObj(c -> c == '\t' ? "\t" : " ")
                        .collect(Collectors.joining())
                + " ".repeat(Math.max(0, column - line.codePointCount(0, line.length())));
    }

    private static int width(Node node) {
        return node.getEndMark().getColumn() - node.getStartMark().getColumn();
    }

    /**
     * One mistake.
     *
     * @param origin empty for a place in the file, else what set the value
     */
    private record Problem(String origin, int line, int column, int width, String message) {
        static final Comparator<Problem> ORDER = Comparator.comparingInt(Problem::line)
                .thenComparingInt(Problem::column)
                .thenComparing(Problem::origin);
    }
}
