package dev.envctl.cli;

import dev.envctl.EnvctlException;
import dev.envctl.Progress;
import dev.envctl.client.PlainProgress;
import java.io.PrintStream;
import java.time.Duration;
import java.util.function.Function;

/** One line per finished phase, and every 30 seconds one that says what is waited for. For logs and pipes. */
final class PlainView implements ProgressView {
    private final PrintStream out;
    private final Style style;
    private final PlainProgress lines;

    PlainView(PrintStream out, Style style) {
        this(out, style, PlainProgress.HEARTBEAT);
    }

    PlainView(PrintStream out, Style style, Duration heartbeat) {
        this.out = out;
        this.style = style;
        this.lines = new PlainProgress(
                this::print, text -> print(style.warning("warning:") + " " + text), mark(style), heartbeat);
    }

    @Override
    public void report(Event event) {
        lines.report(event);
    }

    static String line(Progress.Finished finished, Style style) {
        return PlainProgress.line(finished, mark(style));
    }

    private static Function<Outcome, String> mark(Style style) {
        return outcome -> switch (outcome) {
            case OK -> style.good("ok");
            case FAILED -> style.bad("failed");
            case CANCELLED -> style.faint("cancelled");
        };
    }

    private void print(String line) {
        synchronized (out) {
            out.println(line);
            out.flush();
        }
    }

    @Override
    public void fail(EnvctlException failure) {
        FailureText.lines(failure, style).forEach(this::print);
    }

    @Override
    public void close() {
        lines.close();
    }
}
