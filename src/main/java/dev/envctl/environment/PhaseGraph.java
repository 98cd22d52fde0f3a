package dev.envctl.environment;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.Progress;
import dev.envctl.Progress.Outcome;
import dev.envctl.readiness.Deadline;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Phases and what each must come after. Independent phases run at the same time; the first failure interrupts the others,
 * and {@link #run} returns only when all of them have ended.
 */
final class PhaseGraph {
    /** What a phase does. */
    @FunctionalInterface
    interface Body<T> {
        T run(PhaseRun run);
    }

    /** A phase in the graph; its result can be asked for by every phase that comes after it. */
    static final class Phase<T> {
        private final String name;
        private final Duration limit;
        private final Body<T> body;
        private final List<Phase<?>> after;
        private volatile @Nullable T result;

        private Phase(String name, Duration limit, Body<T> body, List<Phase<?>> after) {
            this.name = name;
            this.limit = limit;
            this.body = body;
            this.after = after;
        }

        String name() {
            return name;
        }

        Duration limit() {
            return limit;
        }

        List<String> after() {
            return after.stream().map(Phase::name).toList();
        }

        T result() {
            return Objects.requireNonNull(result, () -> "phase `" + name + "` has not run yet");
        }

        void run(PhaseRun run) {
            result = body.run(run);
        }
    }

    private record Ended(
            Phase<?> phase,
            Instant start,
            Instant end,
            @Nullable EnvctlException failure) {}

    /** How long phases get to end after they were interrupted, and to notice their own deadline. */
    private static final Duration GRACE = Duration.ofSeconds(15);

    private final List<Phase<?>> phases = new ArrayList<>();
    private final Progress progress;
    private final Timeline timeline;
    private final String parent;
    private final Duration grace;

    /** @param parent the span that all phases are part of */
    PhaseGraph(Progress progress, Timeline timeline, String parent) {
        this(progress, timeline, parent, GRACE);
    }

    PhaseGraph(Progress progress, Timeline timeline, String parent, Duration grace) {
        this.progress = progress;
        this.timeline = timeline;
        this.parent = parent;
        this.grace = grace;
    }

    /** Adds a phase that starts when all of {@code after} have succeeded. */
    <T> Phase<T> phase(String name, Duration limit, Body<T> body, Phase<?>... after) {
        var phase = new Phase<>(name, limit, body, List.of(after));
        phases.add(phase);
        return phase;
    }

    List<Phase<?>> phases() {
        return List.copyOf(phases);
    }

    /** @throws EnvctlException the first failure, its problem beginning with the phase's name */
    void run(Deadline total) {
        new Execution(total).run();
    }

    private final class Execution {
        private final Deadline total;
        private final LinkedBlockingQueue<Ended> ended = new LinkedBlockingQueue<>();
        private final Map<Phase<?>, Thread> running = new HashMap<>();
        private final Map<Phase<?>, Deadline> deadlines = new HashMap<>();
        private final List<Phase<?>> succeeded = new ArrayList<>();
        private final List<Phase<?>> waiting = new ArrayList<>(phases);
        private @Nullable EnvctlException failure;

        Execution(Deadline total) {
            this.total = total;
        }

        void run() {
            try {
                while (succeeded.size() < phases.size() && failure == null) {
                    waiting.stream()
                            .filter(phase -> succeeded.containsAll(phase.after))
                            .toList()
                            .forEach(this::start);
                    take(untilNextOverrun()).ifPresentOrElse(this::accept, this::failOverrun);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                failure = new EnvctlException(FailureKind.INTERRUPTED, "Interrupted.", "", e);
            } finally {
                endTheOthers();
            }
            if (failure != null) {
                throw failure;
            }
        }

        private void start(Phase<?> phase) {
            waiting.remove(phase);
            var deadline = total.atMost(phase.limit);
            deadlines.put(phase, deadline);
            // No executor: it would forget a task that is cancelled before its thread runs, and we would wait for its
            // end.
            var thread = new Thread(() -> runOne(phase, deadline), "phase " + phase.name);
            thread.setDaemon(true);
            running.put(phase, thread);
            thread.start();
        }

        private void runOne(Phase<?> phase, Deadline deadline) {
            var start = Instant.now();
            EnvctlException problem = null;
            try {
                progress.report(new Progress.Started(phase.name));
                phase.run(new PhaseRun(phase.name, deadline, progress));
            } catch (EnvctlException e) {
                problem = e;
            } catch (Exception | Error e) {
                // Kotlin's libraries throw checked exceptions that they do not declare: one that got away would leave
                // us
                // waiting for this phase's end.
                problem = new EnvctlException(
                        FailureKind.FAILED,
                        "Unexpected %s: %s".formatted(e.getClass().getSimpleName(), e.getMessage()),
                        "This is a defect of envctl; the stack trace is in logs/primary.log.",
                        e);
            }
            ended.add(new Ended(phase, start, Instant.now(), problem));
        }

        private void accept(Ended end) {
            running.remove(end.phase);
            record(end, end.failure == null ? Outcome.OK : failure == null ? Outcome.FAILED : Outcome.CANCELLED);
            if (end.failure == null) {
                succeeded.add(end.phase);
            } else if (failure == null) {
                failure = named(end.phase, end.failure);
            }
        }

        private void record(Ended end, Outcome outcome) {
            timeline.add(new Timeline.Span(
                    end.phase.name, parent, end.start, end.end, outcome.name().toLowerCase(Locale.ROOT)));
            progress.report(new Progress.Finished(end.phase.name, outcome, Duration.between(end.start, end.end)));
        }

        private Optional<Ended> take(Duration limit) throws InterruptedException {
            return Optional.ofNullable(ended.poll(limit.toMillis(), TimeUnit.MILLISECONDS));
        }

        private Duration untilNextOverrun() {
            return running.keySet().stream()
                    .map(phase -> deadlines.get(phase))
                    .filter(Objects::nonNull)
                    .map(Deadline::remaining)
                    .min(Duration::compareTo)
                    .orElse(Duration.ZERO)
                    .plus(grace);
        }

        /** A phase must notice its own deadline; one that hangs all the same must not hang the whole. */
        private void failOverrun() {
            running.keySet().stream()
                    .filter(phase -> Optional.ofNullable(deadlines.get(phase))
                            .map(Deadline::passed)
                            .orElse(false))
                    .findFirst()
                    .ifPresent(phase -> failure = named(
                            phase,
                            new EnvctlException(
                                    FailureKind.TIMEOUT,
                                    "It did not end within %d s."
                                            .formatted(phase.limit().toSeconds()),
                                    "")));
        }

        private void endTheOthers() {
            running.values().forEach(Thread::interrupt);
            var until = Deadline.in(grace);
            var interrupted = Thread.interrupted();
            while (!running.isEmpty() && !until.passed()) {
                try {
                    take(until.remaining()).ifPresent(this::accept);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        private EnvctlException named(Phase<?> phase, EnvctlException e) {
            if (e.kind() == FailureKind.INTERRUPTED) {
                return e;
            }
            return new EnvctlException(
                    e.kind(), "Could not %s: %s".formatted(phase.name, e.problem()), e.remedy(), e.details(), e);
        }
    }
}
