package dev.envctl.environment;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.Progress;
import dev.envctl.cluster.ClusterName;
import dev.envctl.cluster.ClusterRemains;
import dev.envctl.cluster.Labels;
import dev.envctl.engine.Engine;
import dev.envctl.process.LeftoverPrograms;
import dev.envctl.readiness.Answer;
import dev.envctl.readiness.Deadline;
import dev.envctl.readiness.Wait;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Removes everything an environment has made, from whatever state, any number of times: what its journal names and what
 * carries its labels. Ends by looking for what should not exist any more.
 */
final class Removal {
    private static final Duration AGAIN = Duration.ofMillis(300);

    private final Engine engine;
    private final EnvironmentDirectory directory;
    private final Wait wait;
    private final Progress progress;
    private final Timeline timeline;

    Removal(Engine engine, EnvironmentDirectory directory, Wait wait, Progress progress, Timeline timeline) {
        this.engine = engine;
        this.directory = directory;
        this.wait = wait;
        this.progress = progress;
        this.timeline = timeline;
    }

    /**
     * Returns when nothing is left.
     *
     * @param known the cluster that the journal names, if any
     * @return whether there was anything
     * @throws EnvctlException FAILED or TIMEOUT, naming what is left
     */
    boolean run(Optional<ClusterName> known, Duration limit) {
        var graph = new PhaseGraph(progress, timeline, "down");
        var clusters = clusters(known);
        var found = new ArrayList<String>();
        var ended = graph.phase("end leftover programs", limit, run -> {
            clusters.forEach(cluster ->
                    found.addAll(LeftoverPrograms.end(Set.of("kind", "podman", "docker"), cluster.toString())));
            return found.size();
        });
        graph.phase(
                "remove cluster",
                limit,
                run -> {
                    clusters.forEach(cluster -> found.addAll(remove(cluster, run)));
                    // What watched a program run in a node stays for five minutes after it (conmon's --exit-delay).
                    clusters.forEach(cluster -> LeftoverPrograms.kill(Set.of("conmon"), cluster.toString()));
                    return found.size();
                },
                ended);
        graph.run(Deadline.in(limit));
        return !found.isEmpty();
    }

    /** Found by label as well as in the journal: the journal may be lost, or be older than what is there. */
    private Set<ClusterName> clusters(Optional<ClusterName> known) {
        var clusters = new LinkedHashSet<ClusterName>();
        known.ifPresent(clusters::add);
        engine.networks(Labels.DIRECTORY, directory.path().toString())
                .values()
                .forEach(labels -> Labels.cluster(labels).ifPresent(clusters::add));
        return clusters;
    }

    /** Tries again until nothing is left: what was being made while we removed may appear a moment later. */
    private List<String> remove(ClusterName cluster, PhaseRun run) {
        var remains = new ClusterRemains(engine, cluster);
        var first = remains.list();
        wait.until("the removal of " + cluster, run.deadline(), AGAIN, run::waiting, () -> {
            try {
                remains.remove();
            } catch (EnvctlException e) {
                if (e.kind() == FailureKind.INTERRUPTED) {
                    throw e;
                }
                return Answer.notYet(e.problem());
            }
            var left = remains.list();
            return left.isEmpty() ? Answer.ready(true) : Answer.notYet("still there: " + String.join(", ", left));
        });
        return first;
    }
}
