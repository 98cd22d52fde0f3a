package dev.envctl.primary;

import dev.envctl.environment.EnvironmentDirectory;
import dev.envctl.environment.HandOff;
import dev.envctl.environment.WorkerLease;
import dev.envctl.machine.Connections;
import java.net.URI;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * Whether somebody uses the environment: requests to the API (also long ones that are still being answered), commands that mark
 * its folder, connections of other processes of this host to the ports it publishes, and leases on demand that somebody holds. A
 * worker that has only read its file cannot be seen. Thread-safe.
 */
final class EnvironmentUse implements Lifetime.Use {
    private final EnvironmentDirectory directory;
    private final BooleanSupplier held;
    private final Connections connections = new Connections();
    private final Set<Integer> ports = new HashSet<>();
    private Optional<FileTime> lastMark;
    private int underWay;
    private boolean asked;

    /** @param held whether somebody holds a lease on demand */
    EnvironmentUse(EnvironmentDirectory directory, BooleanSupplier held) {
        this.directory = directory;
        this.held = held;
        this.lastMark = directory.lastUsed();
    }

    /** From here on connections to the ports of this environment count. */
    synchronized void watch(HandOff handOff) {
        ports.add(URI.create(handOff.cluster().server()).getPort());
        var postgres = handOff.services().postgres();
        if (postgres != null) {
            ports.add(postgres.port());
        }
        var redis = handOff.services().redis();
        if (redis != null) {
            ports.add(redis.port());
        }
        for (var worker : handOff.workers()) {
            WorkerLease.read(Path.of(worker.file())).ifPresent(lease -> {
                for (var port = lease.ports().from(); port <= lease.ports().to(); port++) {
                    ports.add(port);
                }
                var own = lease.redis();
                if (own != null) {
                    ports.add(own.port());
                }
            });
        }
    }

    /** The same routes, whose requests count as use. */
    List<Route> counting(List<Route> routes) {
        return routes.stream()
                .map(route -> new Route(route.method(), route.path(), route.workers(), call -> {
                    begin();
                    try {
                        route.handler().handle(call);
                    } finally {
                        finish();
                    }
                }))
                .toList();
    }

    private synchronized void begin() {
        asked = true;
        underWay++;
    }

    private synchronized void finish() {
        underWay--;
    }

    @Override
    public synchronized boolean now() {
        var mark = directory.lastUsed();
        var used = asked
                || underWay > 0
                || held.getAsBoolean()
                || !mark.equals(lastMark)
                || connections.to(ports::contains);
        asked = false;
        lastMark = mark;
        return used;
    }
}
