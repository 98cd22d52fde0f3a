package dev.envctl.cluster;

import dev.envctl.engine.Container;
import dev.envctl.engine.Engine;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

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
     * waits ten seconds for each node to stop.
     */
    public void remove() {
        nodes().parallelStream().forEach(node -> engine.removeContainer(node.id()));
        volumes().forEach(engine::removeVolume);
        engine.networks(Labels.CLUSTER, name.toString()).keySet().forEach(engine::removeNetwork);
    }

    /** Everything that still exists, one line each; empty once it is all gone. */
    public List<String> list() {
        var left = new ArrayList<String>();
        nodes().forEach(node -> left.add("container " + node.name()));
        volumes().forEach(volume -> left.add("volume " + volume));
        engine.networks(Labels.CLUSTER, name.toString()).keySet().forEach(network -> left.add("network " + network));
        return left;
    }

    private List<Container> nodes() {
        return engine.containers(KindCluster.CLUSTER_LABEL, name.toString());
    }

    /** Under Podman kind labels each node's volume with the node's name as the key, before there is a container. */
    private List<String> volumes() {
        return engine.volumes().entrySet().stream()
                .filter(volume -> volume.getValue().keySet().stream().anyMatch(name::isNode))
                .map(Map.Entry::getKey)
                .toList();
    }
}
