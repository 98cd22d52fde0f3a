package dev.envctl.environment;

import dev.envctl.AtOnce;
import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.image.PinnedImage;
import dev.envctl.machine.HostPorts;
import dev.envctl.readiness.Deadline;
import dev.envctl.service.Lessee;
import dev.envctl.spec.EnvironmentSpec;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The leases of an environment that is ready, made here or taken over: knows only what its files say, and connects to its
 * services when the first lease is made.
 */
public final class ReadyLeases implements Leases {
    private static final Duration CONNECT = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMinutes(1);

    private final Making making;
    private final HandOff handOff;
    private final LeaseFiles files;
    private final LeaseJournal journal;
    private final PortBlocks blocks;
    private final TokenRenewal renewal;
    private final List<String> lost;
    private @Nullable LeaseClients clients;
    private boolean closed;

    private ReadyLeases(Making making, HandOff handOff, HostPorts ports) {
        this.making = making;
        this.handOff = handOff;
        this.files = new LeaseFiles(making.directory().workers());
        this.renewal = new TokenRenewal(files, Clock.systemUTC());
        this.journal = new LeaseJournal(making.journal(), making.directory());
        this.blocks = new PortBlocks(making, ports, handOff.cluster().engine(), journal);
        this.lost = given().stream()
                .filter(lease -> !lease.kept())
                .flatMap(lease -> adopt(lease).stream())
                .toList();
    }

    /** @return why the lease cannot go on: it is nobody's then, so it is removed as one that was left half-made */
    private Optional<String> adopt(WorkerLease lease) {
        try {
            blocks.adopt(lease);
            return Optional.empty();
        } catch (EnvctlException e) {
            files.delete(lease.worker());
            return Optional.of("Lease %d is removed: %s".formatted(lease.worker(), e.problem()));
        }
    }

    /** What befell leases of an earlier primary while there was none, a sentence each. */
    public List<String> lost() {
        return lost;
    }

    /**
     * Opens the journal to add to it.
     *
     * @throws EnvctlException FAILED where the environment's files do not tell what it is
     */
    public static ReadyLeases open(
            Tools tools,
            EnvironmentSpec spec,
            List<PinnedImage> images,
            EnvironmentDirectory directory,
            HostPorts ports) {
        var past = Past.read(directory);
        var handOff = HandOff.read(directory);
        if (past.isEmpty() || handOff.isEmpty()) {
            throw new EnvctlException(
                    FailureKind.FAILED,
                    "The files of environment %s in %s do not tell what it is."
                            .formatted(spec.name(), directory.path()),
                    "Run `envctl up --recreate`.");
        }
        var identity = past.get().identity();
        var journal = Journal.append(directory.journal(), identity.epoch());
        var making = new Making(spec, images, directory, identity, past.get().madeFrom(), tools, journal);
        try {
            return new ReadyLeases(making, handOff.get(), ports);
        } catch (RuntimeException e) {
            journal.close();
            throw e;
        }
    }

    private synchronized LeaseClients clients() {
        if (closed) {
            throw new EnvctlException(FailureKind.NOT_OWNER, "The environment is being removed.", "");
        }
        if (clients == null) {
            clients = LeaseClients.connect(making, handOff, files, Deadline.in(CONNECT));
        }
        return clients;
    }

    @Override
    public List<WorkerLease> given() {
        return files.all();
    }

    @Override
    public Collection<Integer> abandoned() {
        return journal.open().stream()
                .filter(worker -> files.read(worker).isEmpty())
                .toList();
    }

    @Override
    public WorkerLease make(int worker, String token, Deadline deadline) {
        journal.begin(worker);
        var block = blocks.take(worker);
        var wanted = new MakeLeases.Wanted(worker, token, block, blocks.nodePorts(worker));
        var clients = clients();
        var made = new ArrayList<WorkerLease>();
        AtOnce.run(
                "Issuing the lease",
                List.of(
                        () -> clients.namespaces().issue(worker, deadline),
                        () -> made.addAll(clients.maker().run(List.of(wanted), deadline))));
        return made.get(0);
    }

    @Override
    public void give(WorkerLease lease) {
        files.write(lease);
    }

    @Override
    public void reset(WorkerLease lease, Set<Part> parts, Deadline deadline) {
        var clients = clients();
        if (parts.contains(Part.KUBERNETES)) {
            // Pods that still run would connect again and write into what is fresh.
            clients.namespaces().stopPods(lease.worker(), deadline);
        }
        var works = new EnumMap<Part, Runnable>(Part.class);
        works.put(Part.POSTGRES, () -> resetDatabase(clients, lease, deadline));
        works.put(Part.REDIS, () -> restoreRedis(lease, deadline));
        works.put(Part.KUBERNETES, () -> clients.namespaces().reset(lease.worker(), deadline));
        works.keySet().retainAll(parts);
        AtOnce.run("Resetting the lease", List.copyOf(works.values()));
    }

    private void resetDatabase(LeaseClients clients, WorkerLease lease, Deadline deadline) {
        var connections = making.spec().workers().connections();
        clients.postgres()
                .ifPresent(leases -> Optional.ofNullable(lease.postgres())
                        .ifPresent(own -> leases.reset(lessee(lease), own.password(), connections, deadline)));
    }

    @Override
    public void restoreRedis(WorkerLease lease, Deadline deadline) {
        clients()
                .redis()
                .ifPresent(leases -> Optional.ofNullable(lease.redis())
                        .ifPresent(own -> leases.reset(lessee(lease), own.password(), deadline)));
    }

    private static Lessee lessee(WorkerLease lease) {
        return new Lessee(lease.worker(), lease.label());
    }

    @Override
    public void keepDatabase(WorkerLease lease, Deadline deadline) {
        files.write(lease.keptForInspection());
        removeAllButDatabase(lease.worker(), deadline);
    }

    private void removeAllButDatabase(int worker, Deadline deadline) {
        var clients = clients();
        clients.namespaces().delete(worker, deadline);
        clients.redis().ifPresent(leases -> leases.release(worker, deadline));
        EnvironmentDirectory.delete(files.kubeconfig(worker));
        EnvironmentDirectory.delete(files.token(worker));
        blocks.giveBack(worker);
    }

    @Override
    public void remove(int worker, Deadline deadline) {
        files.delete(worker);
        removeAllButDatabase(worker, deadline);
        clients().postgres().ifPresent(leases -> leases.release(worker, deadline));
    }

    @Override
    public Map<Integer, String> leaving(Deadline deadline) {
        return clients().namespaces().present(deadline);
    }

    @Override
    public void gone(int worker) {
        files.delete(worker);
        journal.end(worker);
    }

    @Override
    public void renewTokens(Deadline deadline) {
        for (var worker : renewal.due()) {
            try {
                clients().namespaces().renew(worker, deadline);
            } catch (EnvctlException e) {
                // Its namespace may be going, or the API server be busy; the token lives on meanwhile.
                renewal.postpone(worker, PAUSE);
            }
        }
    }

    @Override
    public String leak(Deadline deadline) {
        return clients()
                .redis()
                .map(leases -> leases.leaks(deadline))
                .filter(leak -> leak.keys() > 0)
                .map(leak ->
                        "index 0 of Redis is reserved, and somebody wrote to it without selecting a lease's index: %s%s"
                                .formatted(
                                        String.join(", ", leak.some()),
                                        leak.keys() > leak.some().size() ? ", … (%d keys)".formatted(leak.keys()) : ""))
                .orElse("");
    }

    @Override
    public void replenish(int spares, Deadline deadline) {
        clients().postgres().ifPresent(leases -> leases.replenish(spares, deadline));
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (clients != null) {
            clients.close();
            clients = null;
        }
        making.journal().close();
    }
}
