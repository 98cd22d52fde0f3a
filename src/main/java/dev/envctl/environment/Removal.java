package dev.envctl.environment;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.Progress;
import dev.envctl.cluster.ClusterName;
import dev.envctl.cluster.ClusterRemains;
import dev.envctl.cluster.Labels;
import dev.envctl.engine.Engine;
import dev.envctl.process.Leftovers;
import dev.envctl.readiness.Answer;
import dev.envctl.readiness.Deadline;
import dev.envctl.readiness.Wait;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Removes everything an environment has made, from whatever state, any number of times: what its journal names and what
 * carries its labels. Ends by looking for what should not exist any more.
 */
final class Removal {
    private static final Duration AGAIN = Duration.ofMillis(300);
    /**
     * Podman's watcher of a container. It stays for five minutes after a program that was run in a node over the API, and for
     * ever where the Podman that it waits for was killed; it does not listen to a polite request.
     */
    private static final Set<String> WATCHERS = Set.of("conmon");

    private static final int LOOKS_AFTER_A_CUT = 2;
    private static final Set<String> PROGRAMS = Set.of("kind", "podman", "docker");

    private final Engine engine;
    private final Leftovers leftovers;
    private final EnvironmentDirectory directory;
    private final Wait wait;
    private final Progress progress;
    private final Timeline timeline;

    Removal(
            Engine engine,
            Leftovers leftovers,
            EnvironmentDirectory directory,
            Wait wait,
            Progress progress,
            Timeline timeline) {
        this.engine = engine;
        this.leftovers = leftovers;
        this.directory = directory;
        this.wait = wait;
        this.progress = progress;
        this.timeline = timeline;
    }

    /**
     * Returns when nothing is left.
     *
     * @param past what the journal tells
     * @param claim see {@link RemainsOf}
     * @return whether there was anything
     * @throws EnvctlException FAILED or TIMEOUT, naming what is left
     */
    boolean run(Past past, Consumer<String> claim, Duration limit) {
        // Where a creation was cut short, what it asked an engine for may still be on its way.
        var cut = past.begun() && !past.handedOff();
        return run(() -> clusters(past.identity().cluster(), claim), cut ? LOOKS_AFTER_A_CUT : 1, limit);
    }

    /** The same for one cluster of which nothing else is known. */
    boolean run(ClusterName cluster, Duration limit) {
        return run(() -> Set.of(cluster), LOOKS_AFTER_A_CUT, limit);
    }

    private boolean run(Supplier<Set<ClusterName>> which, int looks, Duration limit) {
        var graph = new PhaseGraph(progress, timeline, "down");
        var found = new LinkedHashSet<String>();
        var clusters = graph.phase("end leftover programs", limit, run -> {
            var named = which.get();
            named.forEach(cluster -> found.addAll(endPrograms(cluster)));
            return named;
        });
        graph.phase(
                "remove cluster",
                limit,
                run -> {
                    clusters.result().forEach(cluster -> remove(cluster, looks, found, run));
                    return found.size();
                },
                clusters);
        graph.run(Deadline.in(limit));
        return !found.isEmpty();
    }

    /**
     * Found by label as well as in the journal: the journal may be older than what is there. A folder of the same name in another
     * container is another one.
     */
    private Set<ClusterName> clusters(ClusterName known, Consumer<String> claim) {
        var clusters = new LinkedHashSet<>(Set.of(known));
        engine.networks(Labels.DIRECTORY, directory.path().toString()).values().stream()
                .filter(Labels::ofThisPlace)
                .forEach(labels -> Labels.cluster(labels).ifPresent(clusters::add));
        clusters.forEach(cluster -> claim.accept(cluster.id()));
        return clusters;
    }

    private List<String> endPrograms(ClusterName cluster) {
        return leftovers.end(PROGRAMS, cluster.toString());
    }

    /** Tries again until nothing is left for so many looks in a row. */
    private void remove(ClusterName cluster, int looks, Set<String> found, PhaseRun run) {
        var remains = new ClusterRemains(engine, cluster);
        var empty = new AtomicInteger();
        wait.until("the removal of " + cluster, run.deadline(), AGAIN, run::waiting, () -> {
            var left = tryToRemove(cluster, remains, found);
            if (!left.isEmpty()) {
                empty.set(0);
                return Answer.notYet(left);
            }
            return empty.incrementAndGet() < looks
                    ? Answer.notYet("looking once more: its creation was cut short")
                    : Answer.ready(true);
        });
    }

    /** Why it is not done; empty when nothing is left. */
    private String tryToRemove(ClusterName cluster, ClusterRemains remains, Set<String> found) {
        try {
            found.addAll(endPrograms(cluster));
            found.addAll(remains.remove(() -> leftovers.kill(WATCHERS, cluster.toString())));
            var left = remains.list();
            return left.isEmpty() ? "" : "still there: " + String.join(", ", left);
        } catch (EnvctlException e) {
            if (e.kind() == FailureKind.INTERRUPTED) {
                throw e;
            }
            return e.problem();
        }
    }
}
