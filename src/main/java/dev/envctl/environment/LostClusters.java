package dev.envctl.environment;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.Progress;
import dev.envctl.cluster.ClusterName;
import dev.envctl.cluster.Labels;
import dev.envctl.engine.Engine;
import dev.envctl.engine.EngineKind;
import dev.envctl.spec.ClusterSpec.EngineChoice;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

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

    private final Tools tools;
    private final List<Engine> engines;
    private final List<Engine> opened;

    private LostClusters(Tools tools, List<Engine> engines, List<Engine> opened) {
        this.tools = tools;
        this.engines = List.copyOf(engines);
        this.opened = List.copyOf(opened);
    }

    /**
     * Opens every engine that answers.
     *
     * @param scratch a private folder
     * @throws EnvctlException PREREQUISITE where none does
     */
    public static LostClusters on(Tools tools, Duration callLimit, Path scratch) {
        var failures = new ArrayList<EnvctlException>();
        var engines = open(tools, callLimit, scratch, failures);
        if (engines.isEmpty()) {
            throw failures.get(0);
        }
        return new LostClusters(tools, engines, engines);
    }

    /** Opens one engine alone: what it says is all there is. */
    public static LostClusters on(EngineChoice engine, Tools tools, Duration callLimit, Path scratch) {
        var opened = List.of(tools.engines().find(engine, callLimit, scratch));
        return new LostClusters(tools, opened, opened);
    }

    /** @param engine stays its caller's */
    static LostClusters on(Engine engine, Tools tools) {
        return new LostClusters(tools, List.of(engine), List.of());
    }

    private static List<Engine> open(Tools tools, Duration callLimit, Path scratch, List<EnvctlException> failures) {
        var opened = new ArrayList<Engine>();
        for (var kind : EngineKind.values()) {
            try {
                var engine = tools.engines().find(EngineChoice.valueOf(kind.name()), callLimit, scratch);
                if (opened.stream().map(Engine::address).noneMatch(engine.address()::equals)) {
                    opened.add(engine);
                } else {
                    // Podman that is reached as Docker too.
                    engine.close();
                }
            } catch (EnvctlException e) {
                if (e.kind() == FailureKind.INTERRUPTED) {
                    opened.forEach(Engine::close);
                    throw e;
                }
                failures.add(e);
            }
        }
        return opened;
    }

    /**
     * Of several engines one may fail, which is told.
     *
     * @throws EnvctlException where all do
     */
    public List<Cluster> list(Progress progress) {
        var found = new ArrayList<Cluster>();
        var failures = new ArrayList<EnvctlException>();
        for (var engine : engines) {
            try {
                engine.networks(Labels.DIRECTORY)
                        .forEach((network, labels) ->
                                cluster(engine, network, labels).ifPresent(found::add));
            } catch (EnvctlException e) {
                if (e.kind() == FailureKind.INTERRUPTED) {
                    throw e;
                }
                failures.add(e);
            }
        }
        if (failures.size() == engines.size()) {
            throw failures.get(0);
        }
        failures.forEach(failure -> progress.warn(failure.problem()));
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

    /**
     * Removes what was made for a folder in which nothing tells of it: whoever deletes the folder after a kill deletes the journal
     * too.
     *
     * @param claim see {@link RemainsOf}
     * @return whether there was anything
     */
    boolean removeOf(
            EnvironmentDirectory directory,
            Consumer<String> claim,
            Duration limit,
            Progress progress,
            Timeline timeline) {
        var any = false;
        for (var cluster : list(progress)) {
            if (cluster.here()
                    && cluster.directory().toString().equals(directory.path().toString())) {
                claim.accept(cluster.id());
                progress.note("Removing cluster %s: it was made for this folder, and its primary is gone."
                        .formatted(cluster.name()));
                remove(cluster, limit, progress, timeline);
                any = true;
            }
        }
        return any;
    }

    /** Removes one, and the processes that work on it; its files are somebody else's business. */
    public void remove(Cluster cluster, Duration limit, Progress progress) {
        remove(cluster, limit, progress, new Timeline());
    }

    private void remove(Cluster cluster, Duration limit, Progress progress, Timeline timeline) {
        engines.stream()
                .filter(engine -> engine.kind().toString().equals(cluster.engine()))
                .forEach(engine -> new Removal(
                                engine,
                                tools.leftovers(),
                                new EnvironmentDirectory(cluster.directory()),
                                tools.waits(),
                                progress,
                                timeline)
                        .run(new ClusterName(cluster.environment(), cluster.id()), limit));
    }

    @Override
    public void close() {
        opened.forEach(Engine::close);
    }
}
