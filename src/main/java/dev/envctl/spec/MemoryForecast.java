package dev.envctl.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What an environment will take of the machine's memory once its workers are at work, without what they start in it.
 *
 * @param parts whose sum it is
 * @param ofEachWorker MiB that one worker more adds
 * @param count of the workers that are there from the start
 * @param onDemand how many more there may be
 */
public record MemoryForecast(List<Part> parts, long ofEachWorker, int count, int onDemand) {
    /** Kubernetes' own, measured with kind on one node: the control plane, or a node that only runs pods. */
    private static final int CONTROL_PLANE = 800;

    private static final int NODE = 300;
    private static final int REDIS = 16;

    /** In MiB. */
    public record Part(String name, long mebibytes) {}

    public MemoryForecast {
        parts = List.copyOf(parts);
    }

    public static MemoryForecast of(EnvironmentSpec spec) {
        var parts = new ArrayList<Part>();
        parts.add(new Part("control plane", CONTROL_PLANE));
        var nodes = spec.cluster().workerNodes();
        if (nodes > 0) {
            parts.add(new Part(nodes == 1 ? "1 node" : nodes + " nodes", (long) nodes * NODE));
        }
        var each = 0L;
        if (spec.postgres().isPresent()) {
            var postgres = PostgresMemory.of(spec.postgres().get(), spec.workers());
            // More than its limit it never takes.
            parts.add(new Part("Postgres", Math.min(postgres.whole(), postgres.limit())));
            each += PostgresMemory.ofEachWorker(spec.workers().connections(), postgres.inMemory());
        }
        if (spec.redis().isPresent()) {
            var servers = 1 + spec.redis().get().instances(spec.workers());
            parts.add(new Part(servers == 1 ? "Redis" : servers + " Redis", (long) servers * REDIS));
            each += servers == 1 ? 0 : REDIS;
        }
        return new MemoryForecast(
                parts, each, spec.workers().count(), spec.workers().onDemand().orElse(0));
    }

    public long total() {
        return parts.stream().mapToLong(Part::mebibytes).sum();
    }

    /** Such as {@code control plane 900 + Postgres 416 + Redis 16 = 1332 MiB}. */
    public String sum() {
        return parts.stream()
                        .map(part -> "%s %d".formatted(part.name(), part.mebibytes()))
                        .collect(Collectors.joining(" + "))
                + " = %d MiB".formatted(total());
    }

    /**
     * The smallest change that makes room; empty where there is room.
     *
     * @param available MiB that the machine has to give
     */
    public Optional<String> shortage(long available) {
        var missing = total() - available;
        if (missing <= 0) {
            return Optional.empty();
        }
        var workers = count + onDemand;
        var fewer = ofEachWorker == 0 ? workers : (missing + ofEachWorker - 1) / ofEachWorker;
        var lower = new FewerWorkers(count, onDemand)
                .to(workers - fewer)
                .map(change -> ", or " + change)
                .orElse("");
        return Optional.of("End what takes %d MiB%s.".formatted(missing, lower));
    }
}
