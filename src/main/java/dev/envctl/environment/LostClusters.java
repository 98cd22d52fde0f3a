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
import java.util.stream.Stream;

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
        var engines = open(tools, List.of(EngineKind.values()), callLimit, scratch, failures);
        if (engines.isEmpty()) {
            throw failures.get(0);
        }
        return new LostClusters(tools, engines, engines);
    }

    /**
     * Opens every other engine that answers.
     *
     * @param known answers, and stays its caller's
     */
    static LostClusters on(Engine known, Tools tools, Duration callLimit, Path scratch) {
        var others = Stream.of(EngineKind.values())
                .filter(kind -> kind != known.kind())
                .toList();
        var opened = open(tools, others, callLimit, scratch, new ArrayList<>());
        return new LostClusters(
                tools, Stream.concat(Stream.of(known), opened.stream()).toList(), opened);
    }

    private static List<Engine> open(
            Tools tools, List<EngineKind> kinds, Duration callLimit, Path scratch, List<EnvctlException> failures) {
        var opened = new ArrayList<Engine>();
        for (var kind : kinds) {
            try {
                opened.add(tools.engines().find(EngineChoice.valueOf(kind.name()), callLimit, scratch));
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
        for (var cluster : list()) {
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
