package dev.envctl.environment;

import dev.envctl.environment.WorkerLease.NodePort;
import dev.envctl.machine.HostPorts;
import dev.envctl.spec.ClusterSpec.EngineChoice;
import dev.envctl.spec.PortRange;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The host ports of leases on demand: set aside at creation where {@code workers.onDemand} says how many, else now. */
final class PortBlocks {
    private final Making making;
    private final HostPorts ports;
    private final EngineChoice engine;
    private final List<PortRange> reserved;
    private final NodePorts nodePorts;
    private final Map<Integer, PortRange> taken = new HashMap<>();

    /**
     * Nothing is taken yet.
     *
     * @param engine its name
     * @param journal tells what was set aside at creation
     */
    PortBlocks(Making making, HostPorts ports, String engine, LeaseJournal journal) {
        this.making = making;
        this.ports = ports;
        this.engine = EngineChoice.valueOf(engine.toUpperCase(Locale.ROOT));
        this.reserved = journal.reservedBlocks();
        this.nodePorts = new NodePorts(
                journal.reservedNodePorts(), making.spec().workers().nodePorts());
    }

    /** Only ports that were published when the cluster was created can reach one. */
    List<NodePort> nodePorts(int worker) {
        return worker <= reserved.size() ? nodePorts.of(worker) : List.of();
    }

    /**
     * The block of a worker: free, and nobody else's. Where something listens in the one that was set aside for it, such as what
     * an earlier holder left running, it is another one.
     */
    synchronized PortRange take(int worker) {
        if (worker <= reserved.size() && ports.areFree(reserved.get(worker - 1))) {
            return reserved.get(worker - 1);
        }
        var block = ports.reserveBlock(
                "worker " + worker,
                making.spec().workers().ports(),
                making.spec().ports(),
                published());
        taken.put(worker, block);
        return block;
    }

    /** Podman listens on what it publishes; only Docker may have ports on which nobody listens. */
    private Set<Integer> published() {
        if (engine != EngineChoice.DOCKER) {
            return Set.of();
        }
        var tools = making.tools();
        var limit = making.spec().timeouts().engine();
        try (var docker = tools.engines().find(engine, limit, making.directory().scratch())) {
            return docker.publishedPorts();
        }
    }

    /** Takes back what an earlier primary had given. */
    synchronized void adopt(WorkerLease lease) {
        var block = new PortRange(lease.ports().from(), lease.ports().to());
        ports.adopt(block);
        if (lease.worker() > reserved.size() || !block.equals(reserved.get(lease.worker() - 1))) {
            taken.put(lease.worker(), block);
        }
    }

    synchronized void giveBack(int worker) {
        var block = taken.remove(worker);
        if (block != null) {
            ports.release(block);
        }
    }
}
