package dev.envctl.environment;

import dev.envctl.engine.Engine;
import dev.envctl.machine.HostPorts;
import dev.envctl.spec.PortRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Sets the host ports aside that the environment publishes, and a block for every worker. */
final class ReservePorts {
    /**
     * The ports of an environment; 0 for a service that it does not have.
     *
     * @param redisInstances of the workers' own servers, in order; none where they share one
     * @param workers the block of each worker, in order; after those of {@code workers.count} come those on demand for
     *     which node ports are published
     */
    record Reserved(
            int apiServer,
            int postgres,
            int redis,
            List<Integer> redisInstances,
            NodePorts nodePorts,
            List<PortRange> workers) {
        Reserved {
            redisInstances = List.copyOf(redisInstances);
            workers = List.copyOf(workers);
        }
    }

    private static final String STEP = "reserve ports";
    private static final String BLOCKS = "workers";
    private static final String NODE_PORTS = "nodePorts";

    private final Making making;
    private final HostPorts ports;

    ReservePorts(Making making, HostPorts ports) {
        this.making = making;
        this.ports = ports;
    }

    Reserved run(Engine engine) {
        var spec = making.spec();
        var range = spec.ports();
        var published = engine.publishedPorts();
        // What was asked for by number comes first, or a block might take it.
        var postgres = spec.postgres()
                .map(service -> requested("services.postgres.port", service.port(), published))
                .orElse(0);
        var redis = spec.redis()
                .map(service -> requested("services.redis.port", service.port(), published))
                .orElse(0);
        var apiServer = ports.reserve("the API server", OptionalInt.empty(), range, published);
        if (postgres == 0 && spec.postgres().isPresent()) {
            postgres = ports.reserve("Postgres", OptionalInt.empty(), range, published);
        }
        if (redis == 0 && spec.redis().isPresent()) {
            redis = ports.reserve("Redis", OptionalInt.empty(), range, published);
        }
        // Straight behind the services: see NodePorts.
        var needed = NodePorts.needed(spec.workers());
        var nodePorts = needed == 0
                ? Optional.<PortRange>empty()
                : Optional.of(ports.reserveBlock("the workers' node ports", needed, range, published));
        var instances = new ArrayList<Integer>();
        for (var worker = 1; worker <= instances(); worker++) {
            instances.add(ports.reserve("Redis of worker " + worker, OptionalInt.empty(), range, published));
        }
        var workers = new ArrayList<PortRange>();
        for (var worker = 1; worker <= spec.workers().most(); worker++) {
            workers.add(ports.reserveBlock("worker " + worker, spec.workers().ports(), range, published));
        }
        making.journal()
                .write(
                        STEP,
                        "done",
                        Map.of(
                                BLOCKS,
                                workers.stream().map(PortRange::toString).collect(Collectors.joining(",")),
                                NODE_PORTS,
                                nodePorts.map(PortRange::toString).orElse("")));
        return new Reserved(
                apiServer,
                postgres,
                redis,
                instances,
                new NodePorts(nodePorts, spec.workers().nodePorts()),
                workers);
    }

    private int instances() {
        var spec = making.spec();
        return spec.redis().map(redis -> redis.instances(spec.workers())).orElse(0);
    }

    /** The blocks of workers that were set aside when the environment was made, as its journal says. */
    static List<PortRange> blocks(List<Journal.Entry> journal) {
        return ranges(journal, BLOCKS);
    }

    /** The host ports that lead to node ports of workers, as its journal says. */
    static Optional<PortRange> nodePorts(List<Journal.Entry> journal) {
        return ranges(journal, NODE_PORTS).stream().findFirst();
    }

    private static List<PortRange> ranges(List<Journal.Entry> journal, String fact) {
        return journal.stream()
                .filter(entry -> entry.step().equals(STEP))
                .reduce((earlier, later) -> later)
                .map(entry -> entry.facts().getOrDefault(fact, ""))
                .stream()
                .flatMap(text -> Stream.of(text.split(",", -1)))
                .filter(text -> !text.isEmpty())
                .map(text -> text.split("-", -1))
                .map(ends -> new PortRange(Integer.parseInt(ends[0]), Integer.parseInt(ends[1])))
                .toList();
    }

    private int requested(String purpose, OptionalInt port, Set<Integer> published) {
        return port.isPresent() ? ports.reserve(purpose, port, making.spec().ports(), published) : 0;
    }
}
