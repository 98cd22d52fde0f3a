package dev.envctl.cli;

import dev.envctl.EnvctlException;
import java.io.PrintStream;

/** Failures only. */
final class QuietView implements ProgressView {
    private final PrintStream out;
    private final Style style;

    QuietView(PrintStream out, Style style) {
        this.out = out;
        this.style = style;
    }

    @Override
    public void report(Event event) {}

    @Override
    public void fail(EnvctlException failure) {
        FailureText.lines(failure, style).forEach(out::println);
        out.flush();
    }

    @Override
    public void close() {}
}
