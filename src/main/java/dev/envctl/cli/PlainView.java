package dev.envctl.cli;

import dev.envctl.EnvctlException;
import dev.envctl.Progress;
import java.io.PrintStream;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Timer;
import java.util.TimerTask;

/** One line per finished phase, and every 30 seconds one that says what is waited for. For logs and pipes. */
final class PlainView implements ProgressView {
    private static final Duration HEARTBEAT = Duration.ofSeconds(30);

    private final PrintStream out;
    private final Style style;
    private final Timer timer = new Timer("heartbeat", true);
    private final Map<String, Running> running = new LinkedHashMap<>();

    private record Running(long since, String reason) {
        long seconds() {
            return Duration.ofNanos(System.nanoTime() - since).toSeconds();
        }
    }

    PlainView(PrintStream out, Style style) {
        this(out, style, HEARTBEAT);
    }

    PlainView(PrintStream out, Style style, Duration heartbeat) {
        this.out = out;
        this.style = style;
        timer.schedule(
                new TimerTask() {
                    @Override
                    public void run() {
                        beat();
                    }
                },
                heartbeat.toMillis(),
                heartbeat.toMillis());
    }

    @Override
    public synchronized void report(Event event) {
        if (event instanceof Started started) {
            running.put(started.phase(), new Running(System.nanoTime(), ""));
        } else if (event instanceof Waiting waiting) {
            running.computeIfPresent(waiting.phase(), (phase, old) -> new Running(old.since(), waiting.reason()));
        } else if (event instanceof Finished finished) {
            running.remove(finished.phase());
            out.println(line(finished, style));
        } else if (event instanceof Note note) {
            out.println(note.message());
        } else if (event instanceof Warning warning) {
            out.println(style.warning("warning:") + " " + warning.message());
        }
        out.flush();
    }

    static String line(Progress.Finished finished, Style style) {
        var mark = switch (finished.outcome()) {
            case OK -> style.good("ok");
            case FAILED -> style.bad("failed");
            case CANCELLED -> style.faint("cancelled");
        };
        return String.format(
                Locale.ROOT,
                "%-28s %6.1f s  %s",
                finished.phase(),
                finished.took().toMillis() / 1000.0,
                mark);
    }

    private synchronized void beat() {
        running.forEach((phase, state) -> out.println("still: %s, %d s%s"
                .formatted(phase, state.seconds(), state.reason().isEmpty() ? "" : ": " + state.reason())));
        out.flush();
    }

    @Override
    public synchronized void fail(EnvctlException failure) {
        FailureText.lines(failure, style).forEach(out::println);
        out.flush();
    }

    @Override
    public void close() {
        timer.cancel();
    }
}
