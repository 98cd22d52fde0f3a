package dev.envctl.spec;

import java.util.ArrayList;
import java.util.Comparator;

/**
 * How many leases beyond {@code workers.count} there may be.
 *
 * @param most never negative
 * @param reason the arithmetic
 * @param change what would make room for more
 */
public record OnDemandRoom(int most, String reason, String change) {
    private static final int HIGHEST = 1024;

    /** The least of what connections, Postgres' volume, Redis indexes and ports allow, and of what the file says. */
    public static OnDemandRoom of(EnvironmentSpec spec) {
        var workers = spec.workers();
        var count = workers.count();
        var bounds = new ArrayList<OnDemandRoom>();
        bounds.add(room(HIGHEST - count, "an environment has at most %d workers".formatted(HIGHEST), ""));
        workers.onDemand()
                .ifPresent(most -> bounds.add(room(most, "workers.onDemand is " + most, "Raise `workers.onDemand`.")));
        spec.postgres()
                .ifPresent(postgres -> bounds.add(room(
                        (postgres.maxConnections() - Capacity.RESERVED_CONNECTIONS) / workers.connections() - count,
                        "Postgres has %d connections: (%d - %d in reserve) / %d for each = %d workers, %d of them in workers.count"
                                .formatted(
                                        postgres.maxConnections(),
                                        postgres.maxConnections(),
                                        Capacity.RESERVED_CONNECTIONS,
                                        workers.connections(),
                                        (postgres.maxConnections() - Capacity.RESERVED_CONNECTIONS)
                                                / workers.connections(),
                                        count),
                        "Raise `services.postgres.maxConnections` or lower `workers.connections`.")));
        spec.postgres()
                .map(postgres -> PostgresMemory.of(postgres, workers))
                .filter(PostgresMemory::inMemory)
                .ifPresent(memory -> {
                    var fitting = (int) memory.fitting(workers.most());
                    bounds.add(room(
                            fitting - count,
                            "Postgres keeps its data in memory, and its volume of %d MiB holds the databases of %d workers, %d of them in workers.count"
                                    .formatted(PostgresMemory.volume(memory.limit()), fitting, count),
                            "Raise `services.postgres.resources.memory` or set `storage: disk`."));
                });
        spec.redis()
                .filter(redis -> redis.isolation() == RedisSpec.Isolation.INDEX)
                .ifPresent(redis -> bounds.add(room(
                        redis.databases() - 1 - count,
                        "Redis has %d databases: %d - 1 reserved - %d in workers.count"
                                .formatted(redis.databases(), redis.databases(), count),
                        "Raise `services.redis.databases`.")));
        spec.redis()
                .filter(redis -> redis.isolation() == RedisSpec.Isolation.INSTANCE)
                .ifPresent(redis -> bounds.add(room(
                        0,
                        "with `isolation: instance` workers.count Redis servers are made",
                        "Raise `workers.count`.")));
        if (workers.block() > 0) {
            var services = 1
                    + (int) (spec.postgres().stream().count()
                            + spec.redis().stream().count());
            bounds.add(room(
                    (spec.ports().size() - services) / workers.block() - count,
                    "%s holds %d ports: (%d - %d) / %d for each, %d of these blocks in workers.count"
                            .formatted(
                                    spec.ports(),
                                    spec.ports().size(),
                                    spec.ports().size(),
                                    services,
                                    workers.block(),
                                    count),
                    "Widen `ports` or lower `workers.ports`."));
        }
        return bounds.stream().min(Comparator.comparingInt(OnDemandRoom::most)).orElseThrow();
    }

    private static OnDemandRoom room(int most, String reason, String change) {
        return new OnDemandRoom(Math.max(0, most), reason, change);
    }
}
