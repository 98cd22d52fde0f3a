package dev.envctl.spec;

import java.util.ArrayList;
import java.util.List;

/** The sums behind an environment that fits, for people who want to see them. */
public final class CapacityPlan {
    /**
     * One sum.
     *
     * @param needed in {@code unit}
     * @param available in {@code unit}; may be less than what is needed where that is likely enough to fit
     */
    public record Line(String what, String sum, long needed, long available, String unit) {
        public boolean fits() {
            return needed <= available;
        }
    }

    private CapacityPlan() {}

    /** What is counted of an environment file that was accepted. */
    public static List<Line> of(EnvironmentSpec spec) {
        var lines = new ArrayList<Line>();
        var workers = spec.workers();
        var count = workers.most();
        spec.postgres().ifPresent(postgres -> {
            var needed = count * workers.connections() + Capacity.RESERVED_CONNECTIONS;
            lines.add(new Line(
                    "connections",
                    "%d workers × %d + %d in reserve = %d"
                            .formatted(count, workers.connections(), Capacity.RESERVED_CONNECTIONS, needed),
                    needed,
                    postgres.maxConnections(),
                    ""));
        });
        spec.redis()
                .filter(redis -> redis.instances(workers) == 0)
                .ifPresent(redis -> lines.add(new Line(
                        "Redis indexes",
                        "%d workers + 1 reserved = %d".formatted(count, count + 1),
                        count + 1,
                        redis.databases(),
                        "")));
        lines.add(ports(spec));
        spec.postgres().map(postgres -> PostgresMemory.of(postgres, workers)).ifPresent(memory -> {
            if (memory.inMemory()) {
                lines.add(new Line(
                        "Postgres data",
                        memory.dataSum(),
                        memory.data(),
                        PostgresMemory.volume(memory.limit()),
                        "MiB"));
            }
            lines.add(new Line("Postgres memory", memory.wholeSum(), memory.whole(), memory.limit(), "MiB"));
        });
        return lines;
    }

    private static Line ports(EnvironmentSpec spec) {
        var workers = spec.workers();
        var services = spec.postgres().stream().count() + spec.redis().stream().count();
        var servers = spec.redis().map(redis -> redis.instances(workers)).orElse(0);
        var needed = (long) workers.most() * workers.block() + services + servers + 1;
        return new Line(
                "ports",
                "%d workers × %d + %d services + 1 API server = %d"
                        .formatted(workers.most(), workers.block(), services + servers, needed),
                needed,
                spec.ports().size(),
                "");
    }

    /**
     * What is likely to be too little once all workers use all they may, with the smallest change; nothing where all
     * fits.
     */
    public static List<String> doubts(EnvironmentSpec spec) {
        return spec.postgres().map(postgres -> PostgresMemory.of(postgres, spec.workers())).stream()
                .filter(memory -> memory.whole() > memory.limit())
                .map(memory ->
                        "Postgres may be killed for its memory once all workers use all their connections: %s MiB, and its limit is %d MiB. Raise `services.postgres.resources.memory` to %dMi."
                                .formatted(memory.wholeSum(), memory.limit(), memory.leastLimit()))
                .toList();
    }
}
