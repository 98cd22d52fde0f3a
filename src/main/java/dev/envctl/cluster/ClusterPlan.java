package dev.envctl.cluster;

import java.util.List;

/**
 * The cluster to create.
 *
 * @param nodeImage as the engine knows it
 * @param workerNodes nodes besides the control plane
 * @param apiServerPort the port on 127.0.0.1 where the API server will answer
 */
public record ClusterPlan(
        ClusterName name,
        String nodeImage,
        int workerNodes,
        int apiServerPort,
        List<PortMapping> ports,
        List<Mount> mounts) {
    public ClusterPlan {
        ports = List.copyOf(ports);
        mounts = List.copyOf(mounts);
    }
}
