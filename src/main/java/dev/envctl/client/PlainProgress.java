package dev.envctl.client;

import dev.envctl.Progress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Timer;
import java.util.TimerTask;
import java.util.function.Consumer;
import java.util.function.Function;

/** Progress as lines of text: one per finished phase, and every 30 seconds one that says what is waited for. */
public final class PlainProgress implements Progress, AutoCloseable {
    public static final Duration HEARTBEAT = Duration.ofSeconds(30);

    private final Consumer<String> lines;
    private final Consumer<String> warnings;
    private final Function<Outcome, String> mark;
    private final Timer timer = new Timer("heartbeat", true);
    private final Map<String, Running> running = new LinkedHashMap<>();

    private record Running(long since, String reason) {
        long seconds() {
            return Duration.ofNanos(System.nanoTime() - since).toSeconds();
        }
    }

    /**
     * Begins to beat.
     *
     * @param mark how an outcome is shown
     */
    public PlainProgress(
            Consumer<String> lines, Consumer<String> warnings, Function<Outcome, String> mark, Duration heartbeat) {
        this.lines = lines;
        this.warnings = warnings;
        this.mark = mark;
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
            lines.accept(line(finished, mark));
        } else if (event instanceof Note note) {
            lines.accept(note.message());
        } else if (event instanceof Warning warning) {
            warnings.accept(warning.message());
        }
    }

    /** A phase that has ended, in columns. */
    public static String line(Finished finished, Function<Outcome, String> mark) {
        return String.format(
                Locale.ROOT,
                "%-28s %6.1f s  %s",
                finished.phase(),
                finished.took().toMillis() / 1000.0,
                mark.apply(finished.outcome()));
    }

    private synchronized void beat() {
        running.forEach((phase, state) -> lines.accept("still: %s, %d s%s"
                .formatted(phase, state.seconds(), state.reason().isEmpty() ? "" : ": " + state.reason())));
    }

    @Override
    public void close() {
        timer.cancel();
    }
}
