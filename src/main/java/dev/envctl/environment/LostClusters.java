package dev.envctl.environment;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.Progress;
import dev.envctl.cluster.ClusterName;
import dev.envctl.cluster.Labels;
import dev.envctl.engine.Engine;
import dev.envctl.spec.ClusterSpec.EngineChoice;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The clusters of all environments on this host's engines, found by the labels on their networks. What carries no labels of ours,
 * or labels that do not fit its name, is not seen.
 */
public final class LostClusters implements AutoCloseable {
    /**
     * A cluster, and where the files of its environment lie or lay.
     *
     * @param id the environment's
     * @param engine such as {@code Podman}
     * @param here whether it was made where our paths are the same: on this machine, in no other container
     */
    public record Cluster(String name, String environment, String id, Path directory, String engine, boolean here) {}

    private final List<Engine> engines;
    private final Tools tools;

    LostClusters(Tools tools, List<Engine> engines) {
        this.tools = tools;
        this.engines = List.copyOf(engines);
    }

    /**
     * Opens every engine that answers.
     *
     * @param scratch a private folder
     * @throws EnvctlException PREREQUISITE where none does
     */
    public static LostClusters on(Tools tools, Duration callLimit, Path scratch) {
        var engines = new ArrayList<Engine>();
        var failures = new ArrayList<EnvctlException>();
        for (var choice : List.of(EngineChoice.PODMAN, EngineChoice.DOCKER)) {
            try {
                engines.add(tools.engines().find(choice, callLimit, scratch));
            } catch (EnvctlException e) {
                if (e.kind() == FailureKind.INTERRUPTED) {
                    throw e;
                }
                failures.add(e);
            }
        }
        if (engines.isEmpty()) {
            throw failures.get(0);
        }
        return new LostClusters(tools, engines);
    }

    public List<Cluster> list() {
        var found = new ArrayList<Cluster>();
        for (var engine : engines) {
            engine.networks(Labels.DIRECTORY)
                    .forEach((network, labels) ->
                            cluster(engine, network, labels).ifPresent(found::add));
        }
        return found;
    }

    private static Optional<Cluster> cluster(Engine engine, String network, Map<String, String> labels) {
        try {
            var directory = Path.of(labels.getOrDefault(Labels.DIRECTORY, ""));
            return Labels.cluster(labels)
                    .filter(name -> name.toString().equals(network) && directory.isAbsolute())
                    .map(name -> new Cluster(
                            network,
                            name.environment(),
                            name.id(),
                            directory,
                            engine.kind().toString(),
                            Labels.ofThisPlace(labels)));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    /** Removes one, and the processes that work on it; its files are somebody else's business. */
    public void remove(Cluster cluster, Duration limit, Progress progress) {
        for (var engine : engines) {
            new Removal(
                            engine,
                            tools.leftovers(),
                            new EnvironmentDirectory(cluster.directory()),
                            tools.waits(),
                            progress,
                            new Timeline())
                    .run(new ClusterName(cluster.environment(), cluster.id()), limit);
        }
    }

    @Override
    public void close() {
        engines.forEach(Engine::close);
    }
}
