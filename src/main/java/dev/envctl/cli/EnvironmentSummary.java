package dev.envctl.cli;

import dev.envctl.EnvctlException;
import dev.envctl.environment.HandOff;
import dev.envctl.environment.Timeline.Span;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What the page of a run on GitHub shows of an environment, in Markdown. */
final class EnvironmentSummary {
    private EnvironmentSummary() {}

    /** @param spans the earliest first */
    static String ready(HandOff handOff, List<Span> spans) {
        var text = new StringBuilder();
        text.append("### Environment `%s` is %s\n\n".formatted(handOff.name(), handOff.state()));
        text.append("Workers: %d; %s on %s; id `%s`\n\n"
                .formatted(
                        handOff.workers().size(),
                        handOff.cluster().provider(),
                        handOff.cluster().engine(),
                        handOff.id()));
        appendPhases(text, spans);
        var images = new MarkdownTable("image", "reference");
        handOff.images().forEach(image -> images.row(image.name(), MarkdownTable.code(image.reference())));
        return text.append(images.text()).append('\n').toString();
    }

    /** @param spans the earliest first; none where nothing was begun */
    static String failed(String name, EnvctlException failure, List<Span> spans) {
        var text = new StringBuilder();
        text.append("### Environment `%s` could not be made\n\n".formatted(name));
        // Indented, so that nothing in it is taken for Markdown.
        failure.problem()
                .lines()
                .forEach(line -> text.append("    ").append(line).append('\n'));
        failure.remedy()
                .lines()
                .forEach(line -> text.append("    next: ").append(line).append('\n'));
        text.append('\n');
        appendPhases(text, spans);
        return text.toString();
    }

    private static void appendPhases(StringBuilder text, List<Span> spans) {
        var outer = spans.stream().map(Span::parent).collect(Collectors.toSet());
        var phases = spans.stream().filter(span -> !outer.contains(span.name())).toList();
        if (phases.isEmpty()) {
            return;
        }
        var table = new MarkdownTable("phase", "seconds", "outcome");
        phases.forEach(span -> table.row(span.name(), seconds(span), span.outcome()));
        spans.stream()
                .filter(span -> outer.contains(span.name()))
                .forEach(span -> table.row("**" + span.name() + "**", seconds(span), span.outcome()));
        text.append(table.text()).append('\n').append(chart(phases)).append('\n');
    }

    private static String seconds(Span span) {
        return String.format(Locale.ROOT, "%.1f", span.seconds());
    }

    /** A Mermaid gantt chart; times are milliseconds since the first phase began, shown as seconds. */
    private static String chart(List<Span> phases) {
        var begin = phases.get(0).start();
        var text = new StringBuilder("```mermaid\ngantt\n    dateFormat x\n    axisFormat %%s s\n".formatted());
        var section = "";
        for (var span : phases) {
            if (!span.parent().equals(section)) {
                section = span.parent();
                text.append("    section %s\n".formatted(plain(section)));
            }
            text.append("    %s :%s%d, %d\n"
                    .formatted(
                            plain(span.name()),
                            span.outcome().equals("failed") ? "crit, " : "",
                            millis(begin, span.start()),
                            // A bar without width is not drawn.
                            Math.max(millis(begin, span.start()) + 1, millis(begin, span.end()))));
        }
        return text.append("```\n").toString();
    }

    private static long millis(Instant begin, Instant time) {
        return time.toEpochMilli() - begin.toEpochMilli();
    }

    /** Colons, hashes and semicolons mean something there. */
    private static String plain(String name) {
        return name.replaceAll("[^\\p{L}\\p{N} ._-]", " ");
    }
}
