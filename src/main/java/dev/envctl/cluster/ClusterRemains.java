package dev.envctl.cluster;

import dev.envctl.engine.Container;
import dev.envctl.engine.Engine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What is there of a cluster, found by its labels and never by memory, and its removal. Works on any part of a cluster,
 * any number of times.
 */
public final class ClusterRemains {
    private final Engine engine;
    private final ClusterName name;

    public ClusterRemains(Engine engine, ClusterName name) {
        this.engine = engine;
        this.name = name;
    }

    /**
     * Removes nodes, volumes and the network. Several times faster than {@code kind delete cluster}, which under Podman
     * waits ten seconds for each node to stop. The network is the last to go: by its labels the rest is found, whoever begins
     * anew.
     *
     * @param beforeTheNetwork what else is to be gone before that
     * @return what there was, one line each
     */
    public List<String> remove(Runnable beforeTheNetwork) {
        var nodes = nodes();
        nodes.parallelStream().forEach(node -> engine.removeContainer(node.id()));
        var volumes = volumes();
        var listed = nodes.stream().map(Container::name).collect(Collectors.toSet());
        // A Podman that was killed while it made a container leaves one that it does not list, but removes by name.
        volumes.values().stream().filter(node -> !listed.contains(node)).forEach(engine::removeContainer);
        volumes.keySet().forEach(engine::removeVolume);
        beforeTheNetwork.run();
        var networks = networks();
        networks.forEach(engine::removeNetwork);
        return describe(nodes, volumes.keySet(), networks);
    }

    /** Everything that still exists, one line each; empty once it is all gone. */
    public List<String> list() {
        return describe(nodes(), volumes().keySet(), networks());
    }

    private static List<String> describe(List<Container> nodes, Set<String> volumes, Set<String> networks) {
        var lines = new ArrayList<String>();
        nodes.forEach(node -> lines.add("container " + node.name()));
        volumes.forEach(volume -> lines.add("volume " + volume));
        networks.forEach(network -> lines.add("network " + network));
        return lines;
    }

    private Set<String> networks() {
        return engine.networks(Labels.CLUSTER, name.toString()).keySet();
    }

    private List<Container> nodes() {
        return engine.containers(KindCluster.CLUSTER_LABEL, name.toString());
    }

    /**
     * Volumes by name, each with its node. Under Podman kind labels a node's volume with the node's name as the key, before
     * there is a container.
     */
    private Map<String, String> volumes() {
        var found = new TreeMap<String, String>();
        engine.volumes()
                .forEach((volume, labels) -> labels.keySet().stream()
                        .filter(name::isNode)
                        .findFirst()
                        .ifPresent(node -> found.put(volume, node)));
        return found;
    }
}
