package dev.envctl.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * An {@code envctl up} that is under way, and what can happen to it. It leads a process group of its own, as a shell starts
 * it, and knows the signals that whoever runs these tests may have had ignored.
 */
final class RunningUp {
    private static final Duration LIMIT = Duration.ofMinutes(4);
    private static final long SEED = System.nanoTime();
    private static final Random RANDOM = new Random(SEED);

    /**
     * When to strike: so many milliseconds after a phase has started, at random.
     *
     * @param phase as `up` tells it; empty for the moment when the command is started
     */
    record Moment(String phase, int fromMillis, int toMillis) {
        Moment {
            assertThat(toMillis).isGreaterThan(fromMillis);
        }

        @Override
        public String toString() {
            return "%d to %d ms after `%s` (seed %d)".formatted(fromMillis, toMillis, phase, SEED);
        }
    }

    private final Project project;
    private final String name;
    private final Process process;
    private final List<String> lines = new ArrayList<>();
    private final StringBuilder stdout = new StringBuilder();
    private final List<Thread> readers = new ArrayList<>();
    private final long begun = System.nanoTime();

    private RunningUp(Project project, String name, Process process) {
        this.project = project;
        this.name = name;
        this.process = process;
        read(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8), true);
        read(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8), false);
    }

    static RunningUp of(Project project, String name, String... more) {
        var command = new ArrayList<>(List.of("setsid", "env", "--default-signal=INT,TERM,HUP"));
        command.addAll(List.of(Project.CHECKOUT.resolve("envctl").toString(), "up", "-e", name, "--progress", "json"));
        command.addAll(List.of(more));
        try {
            var process = new ProcessBuilder(command)
                    .directory(project.folder().toFile())
                    .start();
            process.getOutputStream().close();
            return new RunningUp(project, name, process);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void read(InputStreamReader stream, boolean errors) {
        var reader = new Thread(() -> {
            try (var text = new BufferedReader(stream)) {
                for (var line = text.readLine(); line != null; line = text.readLine()) {
                    add(line, errors);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        reader.setDaemon(true);
        reader.start();
        readers.add(reader);
    }

    private synchronized void add(String line, boolean error) {
        if (error) {
            lines.add(line);
        } else {
            stdout.append(line).append('\n');
        }
        notifyAll();
    }

    /** Returns at the moment, or as soon as the command has ended. */
    RunningUp await(Moment moment) {
        if (!moment.phase().isEmpty()) {
            awaitStarted(moment.phase());
        }
        pause(Duration.ofMillis(moment.fromMillis() + RANDOM.nextInt(moment.toMillis() - moment.fromMillis())));
        return this;
    }

    RunningUp awaitStarted(String phase) {
        awaitLine("\"type\":\"started\",\"phase\":\"" + phase + "\"");
        return this;
    }

    /** Waits until a line of standard error contains this. */
    synchronized void awaitLine(String part) {
        var until = System.nanoTime() + LIMIT.toNanos();
        while (lines.stream().noneMatch(line -> line.contains(part))) {
            var left = (until - System.nanoTime()) / 1_000_000;
            assertThat(left).as("waiting for %s: %s", part, lines).isPositive();
            if (!process.isAlive() && readers.stream().noneMatch(Thread::isAlive)) {
                throw new AssertionError("ended without %s: %s".formatted(part, lines));
            }
            try {
                wait(Math.min(left, 200));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted", e);
            }
        }
    }

    synchronized boolean told(String part) {
        return lines.stream().anyMatch(line -> line.contains(part));
    }

    /** As Ctrl-C in a terminal, which signals the whole foreground process group. */
    RunningUp signalGroup(String signal) {
        assertThat(project.program(
                                java.util.Map.of(),
                                "sh",
                                "-c",
                                "kill -s \"$0\" -- \"-$1\"",
                                signal,
                                Long.toString(process.pid()))
                        .exitCode())
                .as("kill -s %s -- -%d: %s", signal, process.pid(), lines)
                .isZero();
        return this;
    }

    /** kill -9 of this client. */
    RunningUp kill() {
        process.destroyForcibly();
        return this;
    }

    long primaryPid() {
        return project.json(project.files(name).resolve("primary.json"))
                .get("pid")
                .getAsLong();
    }

    /** kill -9 of the primary, wherever it is; false where it had ended already. */
    boolean killPrimary() {
        return kill(primaryPid());
    }

    static boolean kill(long pid) {
        var primary = ProcessHandle.of(pid);
        return primary.isPresent() && primary.get().destroyForcibly();
    }

    /** What the journal calls the environment; empty where it does not name one. */
    String id() {
        try {
            var journal = project.files(name).resolve("journal.jsonl");
            if (!Files.exists(journal)) {
                return "";
            }
            return Files.readAllLines(journal).stream()
                    .filter(line -> line.contains("\"step\":\"begin\"") && line.endsWith("}"))
                    .map(line -> com.google.gson.JsonParser.parseString(line)
                            .getAsJsonObject()
                            .get("id")
                            .getAsString())
                    .reduce("", (earlier, later) -> later);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean ended() {
        return !process.isAlive();
    }

    Ran await() {
        try {
            if (!process.waitFor(LIMIT.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new AssertionError("did not end within %s: %s".formatted(LIMIT, lines));
            }
            for (var reader : readers) {
                reader.join(5_000);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
        synchronized (this) {
            return new Ran(
                    process.exitValue(),
                    stdout.toString(),
                    String.join("\n", lines),
                    Duration.ofNanos(System.nanoTime() - begun));
        }
    }

    static void pause(Duration duration) {
        try {
            Thread.sleep(duration.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
