package dev.envctl.suite;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.Progress;
import dev.envctl.environment.WorkerLease;
import dev.envctl.readiness.Deadline;
import dev.envctl.spec.SuiteSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Runs suites side by side, each in a lease of its own; those that run alone come last. Every suite has a result, whatever
 * happens to it.
 */
public final class RunSuites {
    private final Cluster cluster;
    private final Holdings holdings;
    private final Progress progress;
    private final Limits limits;
    private final Set<WorkerLease> held = ConcurrentHashMap.newKeySet();
    private volatile boolean cancelled;

    /**
     * What bounds all together.
     *
     * @param parallel how many suites at the same time, at least 1
     * @param memory bytes that their limits may be together; a suite that has more runs alone
     * @param whole when all must have ended
     */
    public record Limits(int parallel, long memory, Deadline whole) {}

    public RunSuites(Cluster cluster, Holdings holdings, Progress progress, Limits limits) {
        this.cluster = cluster;
        this.holdings = holdings;
        this.progress = progress;
        this.limits = limits;
    }

    /**
     * Runs them to their ends.
     *
     * @param folder gets one folder for each suite
     * @return the results in the order of the suites
     * @throws EnvctlException USAGE where a folder cannot be used or an image is not on the nodes; then nothing was started
     */
    public List<SuiteResult> run(List<SuiteSpec> suites, Path folder) {
        suites.forEach(suite -> image(suite.image()));
        var folders = new HashMap<String, SuiteFolder>();
        var threads = Executors.newFixedThreadPool(limits.parallel(), task -> {
            var thread = new Thread(task, "suite");
            thread.setDaemon(true);
            return thread;
        });
        try {
            suites.forEach(suite -> folders.put(suite.name(), SuiteFolder.claim(folder.resolve(suite.name()))));
            return results(suites, folders, threads);
        } finally {
            threads.shutdownNow();
            folders.values().forEach(SuiteFolder::close);
        }
    }

    private List<SuiteResult> results(
            List<SuiteSpec> suites, Map<String, SuiteFolder> folders, ExecutorService threads) {
        var turns = new SuiteTurns(suites, holdings, new MemoryTurns(limits.memory()), limits.whole());
        var futures = new HashMap<String, Future<SuiteResult>>();
        suites.stream()
                .sorted(Comparator.comparing(SuiteSpec::exclusive))
                .forEach(suite -> futures.put(suite.name(), threads.submit(() -> one(suite, folders, turns))));
        var results = new ArrayList<SuiteResult>();
        for (var suite : suites) {
            try {
                results.add(Objects.requireNonNull(futures.get(suite.name())).get());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw interrupted(e);
            } catch (ExecutionException e) {
                if (e.getCause() instanceof RuntimeException failure) {
                    throw failure;
                }
                throw new IllegalStateException("suite %s failed in an unforeseen way".formatted(suite.name()), e);
            }
        }
        return results;
    }

    /** Ends all at once, from another thread: their leases go, and their pods with these. */
    public void cancel() {
        cancelled = true;
        held.parallelStream().forEach(this::release);
    }

    private SuiteResult one(SuiteSpec suite, Map<String, SuiteFolder> folders, SuiteTurns turns) {
        var phase = "suite " + suite.name();
        progress.report(new Progress.Started(phase));
        var begun = System.nanoTime();
        var outcome = Progress.Outcome.FAILED;
        try {
            var result = inTurn(suite, Objects.requireNonNull(folders.get(suite.name())), turns, phase);
            outcome = result.outcome() == Outcome.PASSED ? Progress.Outcome.OK : Progress.Outcome.FAILED;
            return result;
        } finally {
            progress.report(new Progress.Finished(phase, outcome, Duration.ofNanos(System.nanoTime() - begun)));
        }
    }

    private SuiteResult inTurn(SuiteSpec suite, SuiteFolder folder, SuiteTurns turns, String phase) {
        try {
            return turns.in(
                    suite, reason -> progress.waiting(phase, reason), turn -> inLease(suite, folder, turn, phase));
        } catch (EnvctlException e) {
            return notRun(suite, null, e);
        } catch (RuntimeException e) {
            // The others go on, and all are told of.
            return RunSuite.withoutEnd(
                    suite,
                    null,
                    Outcome.UNKNOWN,
                    "unexpected %s: %s; this is a defect of envctl, please report it"
                            .formatted(e.getClass().getSimpleName(), e.getMessage()));
        }
    }

    private SuiteResult inLease(SuiteSpec suite, SuiteFolder folder, Holdings.Turn turn, String phase) {
        requireWanted();
        var lease = holdings.lease(suite.name(), limits.whole(), reason -> progress.waiting(phase, reason));
        held.add(lease);
        try {
            requireWanted();
            return new RunSuite(suite, lease, cluster, folder, image(suite.image()), keeper(suite))
                    .run(
                            turn,
                            limits.whole(),
                            line -> progress.note("[%s] %s".formatted(suite.name(), line)),
                            reason -> progress.waiting(phase, reason));
        } catch (EnvctlException e) {
            return notRun(suite, lease, e);
        } finally {
            release(lease);
        }
    }

    private void requireWanted() {
        if (cancelled) {
            throw interrupted(null);
        }
    }

    private static SuiteResult notRun(SuiteSpec suite, @Nullable WorkerLease lease, EnvctlException why) {
        return switch (why.kind()) {
            case INTERRUPTED -> throw why;
            case TIMEOUT -> RunSuite.withoutEnd(suite, lease, Outcome.TIMEOUT, told(why));
            case NOT_OWNER -> RunSuite.withoutEnd(suite, lease, Outcome.UNKNOWN, told(why));
            default -> RunSuite.withoutEnd(suite, lease, Outcome.FAILED, told(why));
        };
    }

    private static String told(EnvctlException why) {
        return "not run: " + "%s %s".formatted(why.problem(), why.remedy()).strip();
    }

    private void release(WorkerLease lease) {
        if (!held.remove(lease)) {
            return;
        }
        try {
            holdings.release(lease);
        } catch (EnvctlException e) {
            progress.warn("Lease %d could not be given back: %s".formatted(lease.worker(), e.problem()));
        }
    }

    private String image(String name) {
        var reference = cluster.images().get(name);
        if (reference == null) {
            throw new EnvctlException(
                    FailureKind.USAGE,
                    "The environment's nodes do not have image %s.".formatted(name),
                    "`envctl up --recreate` makes the environment with the images of its suites.");
        }
        return reference;
    }

    /** The images of the services have a shell and tar; a suite's own may have neither. */
    private String keeper(SuiteSpec suite) {
        return cluster.keeper().isEmpty() ? image(suite.image()) : cluster.keeper();
    }

    private static EnvctlException interrupted(@Nullable InterruptedException cause) {
        return new EnvctlException(FailureKind.INTERRUPTED, "The run was interrupted.", "", cause);
    }
}
