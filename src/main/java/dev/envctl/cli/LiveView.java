package dev.envctl.cli;

import dev.envctl.EnvctlException;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Timer;
import java.util.TimerTask;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;
import org.jline.utils.Display;

/** A live list of the running phases with their seconds and reasons; finished ones scroll up above it. */
final class LiveView implements ProgressView {
    private static final long REPAINT_MILLIS = 100;

    private final PrintStream out;
    private final Style style;
    private final Terminal terminal;
    private final Display display;
    private final Timer timer = new Timer("repaint", true);
    private final Map<String, Running> running = new LinkedHashMap<>();

    private record Running(long since, String reason) {}

    LiveView(PrintStream out, Style style) throws IOException {
        this.out = out;
        this.style = style;
        terminal = TerminalBuilder.builder()
                .system(true)
                .systemOutput(TerminalBuilder.SystemOutput.SysErr)
                .build();
        display = new Display(terminal, false);
        timer.schedule(
                new TimerTask() {
                    @Override
                    public void run() {
                        repaint();
                    }
                },
                REPAINT_MILLIS,
                REPAINT_MILLIS);
    }

    @Override
    public synchronized void report(Event event) {
        if (event instanceof Started started) {
            running.put(started.phase(), new Running(System.nanoTime(), ""));
        } else if (event instanceof Waiting waiting) {
            running.computeIfPresent(waiting.phase(), (phase, old) -> new Running(old.since(), waiting.reason()));
        } else if (event instanceof Finished finished) {
            running.remove(finished.phase());
            above(List.of(PlainView.line(finished, style)));
        } else if (event instanceof Note note) {
            above(note.message().lines().toList());
        } else if (event instanceof Warning warning) {
            above(List.of(style.warning("warning:") + " " + warning.message()));
        }
    }

    private synchronized void repaint() {
        display.resize(terminal.getSize());
        var width = Math.max(20, display.getColumns());
        var lines = new ArrayList<AttributedString>();
        running.forEach((phase, state) -> {
            var seconds = Duration.ofNanos(System.nanoTime() - state.since()).toMillis() / 1000.0;
            var text = String.format(Locale.ROOT, "%-28s %6.1f s  %s", phase, seconds, state.reason());
            lines.add(AttributedString.fromAnsi(style.faint(text)).columnSubSequence(0, width - 1));
        });
        display.update(lines, 0);
        terminal.flush();
    }

    private void above(List<String> lines) {
        display.update(List.of(), 0);
        terminal.flush();
        lines.forEach(out::println);
        out.flush();
        display.reset();
        repaint();
    }

    @Override
    public synchronized void fail(EnvctlException failure) {
        running.clear();
        above(FailureText.lines(failure, style));
    }

    @Override
    public synchronized void close() {
        timer.cancel();
        running.clear();
        display.update(List.of(), 0);
        terminal.flush();
        try {
            terminal.close();
        } catch (IOException e) {
            // Nothing was changed that would have to be put back.
            return;
        }
    }
}
