package dev.envctl.environment;

import dev.envctl.environment.WorkerLease.NodePort;
import dev.envctl.service.PostgresService;
import dev.envctl.service.RedisService;
import dev.envctl.spec.PortRange;
import dev.envctl.spec.WorkersSpec;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Which node ports the last ports of a worker's block reach. Counted from 30000: Kubernetes chooses from the upper part
 * of its range where a Service names none, and comes down to the first 86 only when all others are taken.
 */
final class NodePorts {
    private static final int FIRST = 30000;
    private static final Set<Integer> TAKEN = Set.of(PostgresService.NODE_PORT, RedisService.NODE_PORT);

    private NodePorts() {}

    static List<NodePort> of(int worker, PortRange block, WorkersSpec workers) {
        var each = workers.nodePorts();
        return IntStream.range(0, each)
                .mapToObj(i -> new NodePort(block.from() + workers.ports() + i, node((worker - 1) * each + i)))
                .toList();
    }

    private static int node(int position) {
        var port = FIRST + position;
        for (var taken : TAKEN.stream().sorted().toList()) {
            if (port >= taken) {
                port++;
            }
        }
        return port;
    }
}
