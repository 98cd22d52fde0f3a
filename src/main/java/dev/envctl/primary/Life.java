package dev.envctl.primary;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.environment.Adoption;
import dev.envctl.environment.EnvironmentDirectory;
import dev.envctl.environment.HandOff;
import dev.envctl.environment.Health;
import dev.envctl.environment.Identity;
import dev.envctl.environment.LostClusters;
import dev.envctl.environment.Past;
import dev.envctl.environment.ReadyLeases;
import dev.envctl.environment.RemainsOf;
import dev.envctl.environment.Timeline;
import dev.envctl.environment.Tools;
import dev.envctl.environment.Up;
import dev.envctl.machine.HostPorts;
import dev.envctl.spec.Fingerprint;
import dev.envctl.spec.OnDemandRoom;
import java.nio.file.Files;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** From the first look at what is there to the last look that nothing is. */
final class Life {
    /**
     * What a life needs that is there before it begins and after it has ended.
     *
     * @param health set while the environment rests
     */
    record Lasting(
            Primary.Options options,
            Tools tools,
            EventLog events,
            Lifetime lifetime,
            Notices notices,
            Locks locks,
            LeaseRoutes leaseRoutes,
            EndRequest end,
            AtomicReference<HealthWatch> health) {}

    /** What is open for as long as it lasts. */
    record Open(
            HostPorts ports, OwnedClusters clusters, Optional<Guardian> guardian, EnvironmentUse use, Tokens tokens) {}

    private final Primary.Options options;
    private final Tools tools;
    private final EventLog events;
    private final Lifetime lifetime;
    private final Notices notices;
    private final Locks locks;
    private final LeaseRoutes leaseRoutes;
    private final EndRequest end;
    private final AtomicReference<HealthWatch> health;
    private final LifeFailures failures;
    private final Timeline timeline = new Timeline();
    private final Optional<PrimaryRecord> before;
    private final PrimaryRecord record;
    private final HostPorts ports;
    private final OwnedClusters clusters;
    private final Optional<Guardian> guardian;
    private final EnvironmentUse use;
    private final Tokens tokens;
    /** What the journal says of what was made or taken over, once that is whole. */
    private Optional<Past> made = Optional.empty();
    /** What is there is another process's: nothing of it may be removed. */
    private volatile boolean somebodyElses;

    Life(Lasting lasting, Open open, Optional<PrimaryRecord> before, PrimaryRecord record) {
        options = lasting.options();
        tools = lasting.tools();
        events = lasting.events();
        lifetime = lasting.lifetime();
        notices = lasting.notices();
        locks = lasting.locks();
        leaseRoutes = lasting.leaseRoutes();
        end = lasting.end();
        health = lasting.health();
        failures = new LifeFailures(options);
        ports = open.ports();
        clusters = open.clusters();
        guardian = open.guardian();
        use = open.use();
        tokens = open.tokens();
        this.before = before;
        this.record = record;
    }

    int live() {
        LeaseWatch leases;
        try {
            end.beginCreating();
            adoptOrCreate();
            made = past();
            end.endCreating();
            leases = becomeReady();
        } catch (EnvctlException e) {
            end.endCreating();
            return afterFailure(e);
        } catch (RuntimeException e) {
            end.endCreating();
            return afterFailure(new EnvctlException(
                    FailureKind.FAILED,
                    "Unexpected %s: %s".formatted(e.getClass().getSimpleName(), e.getMessage()),
                    "This is a defect of envctl; please report it with logs/primary.log.",
                    e));
        }
        try (leases) {
            leases.start();
            rest();
        } finally {
            leaseRoutes.close();
        }
        return finish(0);
    }

    /** Leases are closed again where anything fails. */
    private LeaseWatch becomeReady() {
        var leases = openLeases();
        try {
            leases.leasing().begin(options.spec().workers().count(), record.api());
            leaseRoutes.open(leases.leasing());
            writeTimeline();
            events.change(State.READY);
            watchHealth(leases.leasing());
            return leases;
        } catch (RuntimeException e) {
            leaseRoutes.close();
            leases.close();
            throw e;
        }
    }

    private LeaseWatch openLeases() {
        var spec = options.spec();
        var workers = spec.workers();
        var leases = ReadyLeases.open(tools, spec, options.images(), options.directory(), ports);
        var desk = new LeaseDesk(workers.count(), workers.ahead(), OnDemandRoom.of(spec));
        var leasing = new Leasing(desk, leases, tokens, events, Moment::now);
        leases.lost().forEach(events::note);
        return new LeaseWatch(leasing, leases, events, workers.ahead(), notices::add);
    }

    private int finish(int exitCode) {
        var left = remove();
        left.ifPresent(events::fail);
        return left.isEmpty() ? exitCode : FailureKind.FAILED.exitCode();
    }

    private void watchHealth(Leasing leasing) {
        var handOff = HandOff.read(options.directory());
        handOff.ifPresent(use::watch);
        handOff.flatMap(ready -> Health.of(tools, options.directory(), ready)
                        .map(found -> new HealthWatch(
                                found, events, notices, options.directory(), ready, leasing::restoreRedis)))
                .ifPresent(watch -> health.set(watch.start()));
    }

    private void adoptOrCreate() {
        var past = Past.read(options.directory());
        past.ifPresent(found -> claim(found.identity().id()));
        var primary = new HandOff.Primary(record.pid(), record.api(), record.started());
        if (past.isPresent()) {
            if (adopt(past.get(), primary)) {
                return;
            }
            removal();
        } else if (before.isPresent() || Files.exists(options.directory().journal())) {
            events.note("No journal tells of the environment whose primary is gone: looking for what it left.");
            removal();
        }
        var identity = Identity.create(options.spec().name(), tools.random());
        claim(identity.id());
        new Up(tools, options.spec(), options.images(), options.directory(), ports, timeline, events)
                .run(identity, primary, tokens::issue, this::claim, madeFrom());
    }

    /** Before anything of a cluster is touched. */
    private void claim(String id) {
        try {
            clusters.hold(id, tools.waits());
        } catch (EnvctlException e) {
            // Not where it is unknown: the wait was interrupted, or the lock cannot be used.
            somebodyElses = e.kind() == FailureKind.NOT_OWNER;
            throw e;
        }
    }

    private boolean adopt(Past past, HandOff.Primary primary) {
        var refusal = new Adoption(tools, options.spec(), options.directory(), ports, timeline, events)
                .run(past, primary, madeFrom());
        var what = "environment %s (id %s), whose primary%s is gone"
                .formatted(
                        past.identity().name(),
                        past.identity().id(),
                        before.map(gone -> " (pid " + gone.pid() + ")").orElse(""));
        refusal.ifPresentOrElse(
                reason -> events.note("Removing %s: %s.".formatted(what, reason)),
                () -> events.note("Took over %s.".formatted(what)));
        return refusal.isEmpty();
    }

    private String madeFrom() {
        return new Fingerprint(options.fingerprint()).digest();
    }

    private int afterFailure(EnvctlException failure) {
        var asked = end.asked();
        if (options.keepOnFailure() && !asked && !somebodyElses) {
            writeTimeline();
            events.change(State.FAILED);
            events.fail(failures.kept(failure));
            rest();
            return finish(failure.kind().exitCode());
        }
        var told = asked && failure.kind() == FailureKind.INTERRUPTED ? failures.ended(failure, end.reason()) : failure;
        if (somebodyElses) {
            // Nothing was made here: neither a guardian nor the next command has anything to remove for this primary.
            guardian.ifPresent(Guardian::release);
            if (hasFolder()) {
                EnvironmentDirectory.delete(options.directory().primary());
            }
            events.fail(told);
            return told.kind().exitCode();
        }
        events.fail(remove().map(left -> LifeFailures.both(told, left)).orElse(told));
        return told.kind().exitCode();
    }

    /** Until the end is asked for. */
    private void rest() {
        lifetime.rests();
        // What creation needed is garbage now: give the memory back before the long rest.
        System.gc();
        try {
            end.await();
        } catch (InterruptedException e) {
            events.note("Interrupted.");
        }
    }

    /** @return why it could not be removed; empty once it is gone */
    private Optional<EnvctlException> remove() {
        Optional.ofNullable(health.get()).ifPresent(HealthWatch::close);
        events.change(State.REMOVING);
        locks.end("the environment is being removed");
        if (!end.reason().isEmpty()) {
            events.note("Removing the environment: %s.".formatted(end.reason()));
        }
        try {
            if (hasFolder()) {
                removal();
                options.directory().clear();
                timeline.end(end.reason().isEmpty() ? "its creation failed" : end.reason());
                writeTimeline();
            } else {
                removeClusters();
            }
            guardian.ifPresent(Guardian::release);
            events.change(State.REMOVED);
            return Optional.empty();
        } catch (EnvctlException e) {
            return Optional.of(hasFolder() ? failures.left(e, past()) : failures.leftElsewhere(e, clusters.ids()));
        }
    }

    /** Empty also where the journal cannot be read, which is told already. */
    private Optional<Past> past() {
        try {
            return Past.read(options.directory());
        } catch (EnvctlException e) {
            return Optional.empty();
        }
    }

    /**
     * What is at the folder's path is another primary's, or nothing, once the lock there is another file than ours. Where the lock
     * alone was deleted nobody else has the folder.
     */
    private boolean hasFolder() {
        var lock = PrimaryRecord.lockOf(options.directory().lock());
        return lock.isEmpty() ? Files.exists(options.directory().primary()) : lock.equals(record.lock());
    }

    /** What was made here, and no file. */
    private void removeClusters() {
        events.note("The folder %s was moved or deleted, or is another primary's now: no file in it is changed."
                .formatted(options.directory().path()));
        var limits = options.spec().timeouts();
        try (var scratch = Scratch.in(tools.cache());
                var lost = made.isPresent()
                        ? LostClusters.on(made.get().engine(), tools, limits.engine(), scratch.path())
                        : LostClusters.on(tools, limits.engine(), scratch.path())) {
            lost.list(events).stream()
                    .filter(cluster -> clusters.holds(cluster.id()))
                    .forEach(cluster -> lost.remove(cluster, limits.teardown(), events));
        }
    }

    private void removal() {
        new RemainsOf(tools, options.directory(), timeline, events, this::claim)
                .remove(
                        options.spec().timeouts().engine(),
                        options.spec().timeouts().teardown());
    }

    /** An environment is no worse for the lack of it. */
    private void writeTimeline() {
        try {
            EnvironmentDirectory.write(options.directory().timeline(), timeline.json());
        } catch (EnvctlException e) {
            events.warn("How long the phases took is not recorded: " + e.problem());
        }
    }
}
