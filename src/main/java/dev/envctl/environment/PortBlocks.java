package dev.envctl.environment;

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
    private final Map<Integer, PortRange> taken = new HashMap<>();

    /**
     * Nothing is taken yet.
     *
     * @param engine its name
     * @param reserved the blocks set aside at creation, in the order of workers
     */
    PortBlocks(Making making, HostPorts ports, String engine, List<PortRange> reserved) {
        this.making = making;
        this.ports = ports;
        this.engine = EngineChoice.valueOf(engine.toUpperCase(Locale.ROOT));
        this.reserved = List.copyOf(reserved);
    }

    /** Only ports that were published when the cluster was created can. */
    boolean reachNodePorts() {
        return making.spec().workers().onDemand().isPresent();
    }

    /** The block of a worker: free, and nobody else's. */
    synchronized PortRange take(int worker) {
        var size = making.spec().workers().ports();
        if (worker <= reserved.size()) {
            var block = reserved.get(worker - 1);
            ports.requireFree("worker " + worker, new PortRange(block.from(), block.from() + size - 1));
            return block;
        }
        var block = ports.reserveBlock("worker " + worker, size, making.spec().ports(), published());
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
        if (lease.worker() > reserved.size()) {
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
