package dev.envctl.spec;

import java.util.ArrayList;
import java.util.Optional;
import java.util.stream.Stream;

/** Sums that are known before anything starts: running out of ports, connections or databases looks like random flakes. */
final class Capacity {
    /** Connections kept free for the primary, for a person who looks, and for the server's own reserve. */
    static final int RESERVED_CONNECTIONS = 10;

    /** 30002 to 32200: before them come those of the services, behind them those of the workers' Redis servers. */
    private static final int NODE_PORTS = 2199;

    private static final int FIRST_PORT = 1024;
    private static final int LAST_PORT = 65535;

    private final Settings settings;

    Capacity(Settings settings) {
        this.settings = settings;
    }

    void check() {
        checkConnections();
        checkDatabases();
        checkRange();
        checkNodePorts();
        checkData();
    }

    /** Databases that do not fit are an error in the middle of the creation; more connections than fit, an early kill. */
    private void checkData() {
        if (!settings.has("services.postgres")
                || !settings.text("services.postgres.storage").equals(Optional.of("memory"))) {
            return;
        }
        var workers = workers();
        var limit = settings.text("services.postgres.resources.memory").flatMap(Quantity::bytes);
        if (workers.isEmpty() || limit.isEmpty()) {
            return;
        }
        var templates = settings.items("services.postgres.init").isEmpty() ? 0 : 1;
        var mebibytes = limit.get() / Quantity.MEBIBYTE;
        var memory = PostgresMemory.of(workers.get(), templates, 0, mebibytes, true);
        // What the server alone needs depends on its version and image: where it has too little, its death is told.
        var serverFits = PostgresMemory.of(0, templates, 0, mebibytes, true).dataFits();
        if (serverFits && !memory.dataFits()) {
            var fewer = new FewerWorkers(
                    settings.whole("workers.count").orElse(0),
                    settings.whole("workers.onDemand").orElse(0));
            var change = fewer.to(memory.fitting(workers.get()));
            settings.reject(
                    "%s MiB in memory, but half of the %d MiB of Postgres is %d: raise `resources.memory` to %dMi%s, or set `storage: disk`"
                            .formatted(
                                    memory.dataSum(),
                                    memory.limit(),
                                    PostgresMemory.volume(memory.limit()),
                                    memory.leastLimitForData(),
                                    change.map(lower -> " or " + lower).orElse("")),
                    "services.postgres.resources.memory",
                    "workers.count",
                    "services.postgres.storage");
        }
    }

    /** Those that are there from the start and those for whom room is set aside. */
    private Optional<Integer> workers() {
        return settings.whole("workers.count")
                .map(count -> count + settings.whole("workers.onDemand").orElse(0));
    }

    private String counted(int workers) {
        var onDemand = settings.whole("workers.onDemand").orElse(0);
        return onDemand == 0 ? workers + " workers" : "%d workers (%d of them on demand)".formatted(workers, onDemand);
    }

    /** Those that were asked for: where none were, there are as many as there is room for. */
    private Optional<Integer> nodePorts() {
        return settings.has("workers.nodePorts") ? settings.whole("workers.nodePorts") : Optional.of(0);
    }

    /** How many node ports each worker gets where the file does not say, in a file in which everything fits. */
    int nodePortsThatFit() {
        var workers = workers().orElse(0);
        var range = new PortRange(
                settings.whole("ports.from").orElse(0),
                settings.whole("ports.to").orElse(0));
        var ports = settings.whole("workers.ports").orElse(0);
        var left = range.size() - workers * ports - servicesInside(range) - redisServers(workers) - 1;
        return Math.max(0, Math.min(Math.min(NODE_PORTS, left) / Math.max(1, workers), Math.min(ports, 2)));
    }

    private void checkNodePorts() {
        var each = nodePorts();
        if (each.isEmpty()) {
            return;
        }
        var workers = workers().orElse(0);
        if (workers * each.get() > NODE_PORTS) {
            settings.reject(
                    "%s × %d node ports = %d, but a cluster has %d: lower `workers.nodePorts` to %d"
                            .formatted(
                                    counted(workers),
                                    each.get(),
                                    workers * each.get(),
                                    NODE_PORTS,
                                    NODE_PORTS / workers),
                    "workers.nodePorts",
                    "workers.count");
        }
    }

    private void checkConnections() {
        if (!settings.has("services.postgres")) {
            return;
        }
        var workers = workers();
        var each = settings.whole("workers.connections");
        var most = settings.whole("services.postgres.maxConnections");
        if (workers.isEmpty() || each.isEmpty() || most.isEmpty()) {
            return;
        }
        var needed = workers.get() * each.get() + RESERVED_CONNECTIONS;
        if (needed > most.get()) {
            var fitting = (most.get() - RESERVED_CONNECTIONS) / workers.get();
            settings.reject(
                    "%s × %d connections + %d in reserve = %d, but Postgres has %d: raise `maxConnections` to %d%s"
                            .formatted(
                                    counted(workers.get()),
                                    each.get(),
                                    RESERVED_CONNECTIONS,
                                    needed,
                                    most.get(),
                                    needed,
                                    fitting > 0 ? " or lower `workers.connections` to " + fitting : ""),
                    "services.postgres.maxConnections",
                    "workers.connections",
                    "workers.count",
                    "workers.onDemand");
        }
    }

    private void checkDatabases() {
        if (!settings.has("services.redis") || redisServers(1) > 0) {
            return;
        }
        var workers = workers();
        var databases = settings.whole("services.redis.databases");
        if (workers.isEmpty() || databases.isEmpty() || workers.get() + 1 <= databases.get()) {
            return;
        }
        settings.reject(
                "%s + 1 reserved (index 0) = %d, but Redis has %d: raise `databases` to %d"
                        .formatted(counted(workers.get()), workers.get() + 1, databases.get(), workers.get() + 1),
                "services.redis.databases",
                "workers.count",
                "workers.onDemand");
    }

    private void checkRange() {
        var from = settings.whole("ports.from");
        var to = settings.whole("ports.to");
        if (from.isEmpty() || to.isEmpty()) {
            return;
        }
        if (from.get() > to.get()) {
            settings.reject(
                    "the range ends before it begins: `from` is %d and `to` is %d".formatted(from.get(), to.get()),
                    "ports.to",
                    "ports.from");
            return;
        }
        var workers = workers();
        var each = settings.whole("workers.ports");
        var nodePorts = nodePorts();
        if (workers.isPresent() && each.isPresent() && nodePorts.isPresent()) {
            checkRange(new PortRange(from.get(), to.get()), workers.get(), each.get(), nodePorts.get());
        }
    }

    private void checkRange(PortRange range, int workers, int own, int nodePorts) {
        var services = servicesInside(range);
        var servers = redisServers(workers);
        var needed = workers * (own + nodePorts) + services + servers + 1;
        if (needed <= range.size()) {
            return;
        }
        var sum = new ArrayList<String>();
        sum.add(
                nodePorts == 0
                        ? "%s × %d ports".formatted(counted(workers), own)
                        : "%s × (%d + %d ports)".formatted(counted(workers), own, nodePorts));
        if (services > 0) {
            sum.add(services == 1 ? "1 service" : services + " services");
        }
        if (servers > 0) {
            sum.add("%d Redis servers".formatted(servers));
        }
        sum.add("1 API server");
        settings.reject(
                "%s = %d, but %s holds %d: %s"
                        .formatted(
                                String.join(" + ", sum),
                                needed,
                                range,
                                range.size(),
                                change(range, workers, needed, services + servers + 1 + workers * nodePorts)),
                "ports.to",
                "ports.from",
                "workers.ports",
                "workers.count");
    }

    private static String change(PortRange range, int workers, int needed, int others) {
        if (range.from() + needed - 1 <= LAST_PORT) {
            return "raise `ports.to` to " + (range.from() + needed - 1);
        }
        if (range.to() - needed + 1 >= FIRST_PORT) {
            return "lower `ports.from` to " + (range.to() - needed + 1);
        }
        return "lower `workers.ports` to " + Math.max(0, (range.size() - others) / Math.max(1, workers));
    }

    /** With {@code isolation: instance} each worker has one, at a port of its own. */
    private int redisServers(int workers) {
        var isolation = settings.has("services.redis") ? settings.text("services.redis.isolation") : Optional.empty();
        return isolation.filter("instance"::equals).isPresent() ? workers : 0;
    }

    /** A service that asks for a port outside the range takes none of it. */
    private int servicesInside(PortRange range) {
        return (int) Stream.of("services.postgres", "services.redis")
                .filter(settings::has)
                .map(service -> settings.whole(service + ".port"))
                .filter(port -> port.isEmpty() || (port.get() >= range.from() && port.get() <= range.to()))
                .count();
    }
}
