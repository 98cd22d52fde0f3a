package dev.envctl.environment;

import dev.envctl.environment.WorkerLease.NodePort;
import dev.envctl.service.RedisService;
import dev.envctl.spec.PortRange;
import dev.envctl.spec.WorkersSpec;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The node ports of all workers. Their host ports are neighbours, and so are they: Podman publishes that as one range, where
 * each single port costs eight runs of iptables at the start of a node and eight at its end.
 *
 * <p>They come behind those of the services. Kubernetes chooses from the upper part of its range where a Service names none,
 * and comes down to the first 86 only when all others are taken.
 *
 * @param hosts empty where workers have none
 * @param each how many each worker has
 */
record NodePorts(Optional<PortRange> hosts, int each) {
    private static final int FIRST = RedisService.NODE_PORT + 1;

    /** What is published when the cluster is created, for those on demand too. */
    static int needed(WorkersSpec workers) {
        return workers.most() * workers.nodePorts();
    }

    /** Those of one worker, counted from 1. */
    List<NodePort> of(int worker) {
        return hosts.stream()
                .flatMap(range -> IntStream.range((worker - 1) * each, worker * each)
                        .mapToObj(i -> new NodePort(range.from() + i, FIRST + i)))
                .toList();
    }
}
