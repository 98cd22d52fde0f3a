package dev.envctl.environment;

import dev.envctl.engine.Engine;
import dev.envctl.machine.HostPorts;
import dev.envctl.spec.PortRange;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/** Sets the host ports aside that the environment publishes, and a block for every worker. */
final class ReservePorts {
    /**
     * The ports of an environment; 0 for a service that it does not have.
     *
     * @param redisInstances of the workers' own servers, in order; none where they share one
     * @param workers the block of each worker, in order
     */
    record Reserved(int apiServer, int postgres, int redis, List<Integer> redisInstances, List<PortRange> workers) {
        Reserved {
            redisInstances = List.copyOf(redisInstances);
            workers = List.copyOf(workers);
        }
    }

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
        var instances = new ArrayList<Integer>();
        for (var worker = 1; worker <= instances(); worker++) {
            instances.add(ports.reserve("Redis of worker " + worker, OptionalInt.empty(), range, published));
        }
        var workers = new ArrayList<PortRange>();
        for (var worker = 1; worker <= spec.workers().count(); worker++) {
            workers.add(ports.reserveBlock("worker " + worker, spec.workers().ports(), range, published));
        }
        return new Reserved(apiServer, postgres, redis, instances, workers);
    }

    private int instances() {
        var spec = making.spec();
        return spec.redis().map(redis -> redis.instances(spec.workers())).orElse(0);
    }

    private int requested(String purpose, OptionalInt port, Set<Integer> published) {
        return port.isPresent() ? ports.reserve(purpose, port, making.spec().ports(), published) : 0;
    }
}
