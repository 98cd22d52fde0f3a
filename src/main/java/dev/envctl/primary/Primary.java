package dev.envctl.primary;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.environment.Adoption;
import dev.envctl.environment.Ended;
import dev.envctl.environment.EnvironmentDirectory;
import dev.envctl.environment.HandOff;
import dev.envctl.environment.Health;
import dev.envctl.environment.Identity;
import dev.envctl.environment.Past;
import dev.envctl.environment.ReadyLeases;
import dev.envctl.environment.RemainsOf;
import dev.envctl.environment.Timeline;
import dev.envctl.environment.Tools;
import dev.envctl.environment.Up;
import dev.envctl.environment.Usage;
import dev.envctl.environment.UsageView;
import dev.envctl.image.PinnedImage;
import dev.envctl.machine.HostPorts;
import dev.envctl.process.OwnProcess;
import dev.envctl.readiness.Answer;
import dev.envctl.readiness.Deadline;
import dev.envctl.spec.EnvironmentSpec;
import dev.envctl.spec.Fingerprint;
import dev.envctl.spec.Inputs;
import dev.envctl.spec.OnDemandRoom;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The one process that owns an environment: it holds the kernel lock, creates the environment or takes over what an
 * earlier primary left, serves the API, and removes everything at the end. Nobody else does.
 */
public final class Primary {
    /** {@link #run}'s answer when another process is the primary already. */
    public static final int SOMEBODY_ELSE_IS = 75;

    private static final Duration LOCK_LIMIT = Duration.ofSeconds(2);

    /**
     * What to make.
     *
     * @param images what images.lock says of the images in {@link EnvironmentSpec#images}, in that order
     * @param fingerprint what the environment is made from, flat
     * @param inputs what that was read from
     * @param keepOnFailure keep what was made when creation fails, until {@code down}
     * @param lifetime what ends the environment besides {@code down}
     * @param reaper the command that removes what a killed primary of this directory left
     */
    public record Options(
            EnvironmentSpec spec,
            List<PinnedImage> images,
            EnvironmentDirectory directory,
            Map<String, String> fingerprint,
            Inputs inputs,
            boolean keepOnFailure,
            LifetimeLimits lifetime,
            List<String> reaper) {
        public Options {
            reaper = List.copyOf(reaper);
            images = List.copyOf(images);
            fingerprint = Map.copyOf(fingerprint);
        }
    }

    private final Options options;
    private final Tools tools;
    private final EventLog events;
    private final Timeline timeline = new Timeline();
    private final LeaseRoutes leaseRoutes = new LeaseRoutes();
    private final Locks locks = new Locks(InstantSource.system());
    private final Lifetime lifetime;
    private final Notices notices;
    private volatile @Nullable HealthWatch health;
    private final CountDownLatch endAsked = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private String endReason = "";
    private @Nullable Thread creating;

    /** @param also told everything that is reported, in order */
    public Primary(Options options, Tools tools, Consumer<Message> also) {
        this.options = options;
        this.tools = tools;
        this.events = new EventLog(also);
        this.lifetime = new Lifetime(options.lifetime(), System::nanoTime);
        this.notices = new Notices(options.directory(), events);
    }

    /**
     * Lives the primary's whole life.
     *
     * @return the exit code: 0 after an ordinary end, that of the failure otherwise
     */
    public int run() {
        var directory = options.directory();
        directory.create();
        try (var file = LockFile.open(directory.lock())) {
            var lock = acquire(file);
            if (lock.isEmpty()) {
                return SOMEBODY_ELSE_IS;
            }
            try {
                return own();
            } finally {
                file.release(lock.get());
            }
        } finally {
            ended.countDown();
        }
    }

    /** Asks for the end; returns at once. A creation that is under way is interrupted and rolled back. */
    public synchronized void end(String reason) {
        if (endAsked.getCount() == 0) {
            return;
        }
        endReason = reason;
        endAsked.countDown();
        if (creating != null) {
            creating.interrupt();
        }
    }

    /** Waits until {@link #run} has done all it does. */
    public boolean awaitEnd(Duration limit) throws InterruptedException {
        return ended.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Someone who only asks holds the lock for a moment: tries again for a short while. */
    private Optional<FileLock> acquire(LockFile file) {
        try {
            return Optional.of(tools.waits()
                    .until(
                            "the lock",
                            Deadline.in(LOCK_LIMIT),
                            Duration.ofMillis(20),
                            reason -> {},
                            () -> file.tryPrimary()
                                    .<Answer<FileLock>>map(Answer::ready)
                                    .orElseGet(() -> Answer.notYet("another process holds it"))));
        } catch (EnvctlException e) {
            if (e.kind() == FailureKind.TIMEOUT) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private int own() {
        var directory = options.directory();
        var before = PrimaryRecord.read(directory.primary());
        // It must not send anybody to the primary that is gone, or to whoever has its port now.
        EnvironmentDirectory.delete(directory.primary());
        EnvironmentDirectory.privateDirectory(directory.scratch());
        EnvironmentDirectory.privateDirectory(tools.cache().path());
        var tokens = new Tokens(tools.random());
        var guardian = guardian();
        var use = new EnvironmentUse(directory);
        try (var ports = new HostPorts(tools.cache().path().resolve("ports.lock"));
                var clusters = new OwnedClusters(tools.cache());
                // Workers that have the address of a killed primary find this one.
                var api = new Api(
                        tokens,
                        use.counting(routes(guardian)),
                        before.map(PrimaryRecord::port).orElse(0))) {
            var record = new PrimaryRecord(
                    OwnProcess.pid(),
                    api.address(),
                    tokens.owner(),
                    OwnProcess.started().toString(),
                    OwnProcess.bootId(),
                    options.fingerprint(),
                    options.inputs(),
                    PrimaryRecord.lockOf(directory.lock()));
            record.write(directory.primary());
            guardian.ifPresent(Guardian::ensure);
            Ended.read(directory.timeline()).ifPresent(this::tellOfTheLast);
            var watch = new LifetimeWatch(lifetime, use, Clocks.ofMachine(), guardian, notices, this::end).start();
            try {
                return new Life(before, record, ports, clusters, guardian, use, tokens).live();
            } finally {
                watch.close();
                // The streams of the API end with the last message, and only then can it close.
                locks.end("the primary ends");
                events.end();
            }
        }
    }

    private Optional<Guardian> guardian() {
        var limits = options.lifetime();
        return limits.ephemeral()
                ? Optional.of(new Guardian(tools.programs(), options.directory(), options.reaper(), limits.owners()))
                : Optional.empty();
    }

    private List<Route> routes(Optional<Guardian> guardian) {
        var lasting = new LifetimeRoutes(
                lifetime,
                owner -> guardian.ifPresent(one -> one.add(owner)),
                () -> guardian.ifPresent(Guardian::release));
        var lockRoutes = new LockRoutes(locks);
        return Stream.of(
                        new OwnerRoutes(events, this::status, this::end).routes(),
                        lasting.routes(),
                        leaseRoutes.routes(),
                        lockRoutes.routes(),
                        new DetailsRoutes(this::status, leaseRoutes::list, lockRoutes, this::usage).routes())
                .flatMap(List::stream)
                .toList();
    }

    private JsonObject usage() {
        return ready().map(handOff -> Usage.ask(handOff, options.directory(), tools))
                .map(new UsageView(options.spec())::json)
                .orElseGet(JsonObject::new);
    }

    private Optional<HandOff> ready() {
        return events.state() == State.READY ? HandOff.read(options.directory()) : Optional.empty();
    }

    /** Whoever removed it himself knows. */
    private void tellOfTheLast(Ended last) {
        if (!last.reason().startsWith("`envctl ")) {
            events.note("The last environment %s was removed at %s: %s."
                    .formatted(options.spec().name(), last.time(), last.reason()));
        }
    }

    /** From the first look at what is there to the last look that nothing is. */
    private final class Life {
        private final Optional<PrimaryRecord> before;
        private final PrimaryRecord record;
        private final HostPorts ports;
        private final OwnedClusters clusters;
        private final Optional<Guardian> guardian;
        private final EnvironmentUse use;
        private final Tokens tokens;

        Life(
                Optional<PrimaryRecord> before,
                PrimaryRecord record,
                HostPorts ports,
                OwnedClusters clusters,
                Optional<Guardian> guardian,
                EnvironmentUse use,
                Tokens tokens) {
            this.before = before;
            this.record = record;
            this.ports = ports;
            this.clusters = clusters;
            this.guardian = guardian;
            this.use = use;
            this.tokens = tokens;
        }

        int live() {
            LeaseWatch leases;
            try {
                beginCreating();
                adoptOrCreate();
                endCreating();
                leases = openLeases();
                writeTimeline();
                events.change(State.READY);
                watchHealth();
            } catch (EnvctlException e) {
                endCreating();
                return afterFailure(e);
            } catch (RuntimeException e) {
                endCreating();
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
            return end(0);
        }

        private LeaseWatch openLeases() {
            var spec = options.spec();
            var workers = spec.workers();
            var leases = ReadyLeases.open(tools, spec, options.images(), options.directory(), ports);
            var desk = new LeaseDesk(workers.count(), workers.ahead(), OnDemandRoom.of(spec));
            var leasing = new Leasing(desk, leases, tokens, events, Clock.systemUTC(), System::nanoTime);
            leasing.begin(workers.count(), record.api());
            leaseRoutes.open(leasing);
            return new LeaseWatch(leasing, leases, events, workers.ahead(), notices::add);
        }

        private int end(int exitCode) {
            var left = remove();
            left.ifPresent(events::fail);
            return left.isEmpty() ? exitCode : FailureKind.FAILED.exitCode();
        }

        private void watchHealth() {
            var handOff = HandOff.read(options.directory());
            handOff.ifPresent(use::watch);
            handOff.flatMap(ready -> Health.of(tools, options.directory(), ready)
                            .map(found -> new HealthWatch(found, events, notices, options.directory(), ready)))
                    .ifPresent(watch -> health = watch.start());
        }

        private void adoptOrCreate() {
            var past = Past.read(options.directory());
            past.ifPresent(found -> clusters.hold(found.identity().id()));
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
            clusters.hold(identity.id());
            new Up(tools, options.spec(), options.images(), options.directory(), ports, timeline, events)
                    .run(identity, primary, tokens::issue, madeFrom());
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
            var asked = endAsked.getCount() == 0;
            if (options.keepOnFailure() && !asked) {
                writeTimeline();
                events.change(State.FAILED);
                events.fail(kept(failure));
                rest();
                return end(failure.kind().exitCode());
            }
            var told = asked && failure.kind() == FailureKind.INTERRUPTED ? ended(failure) : failure;
            events.fail(remove().map(left -> both(told, left)).orElse(told));
            return told.kind().exitCode();
        }

        /** Who only waits for the environment was not interrupted himself. */
        private EnvctlException ended(EnvctlException failure) {
            return new EnvctlException(
                    FailureKind.FAILED,
                    "Environment %s was removed before it was ready: %s."
                            .formatted(options.spec().name(), endReason()),
                    "`envctl up` makes it anew.",
                    failure);
        }

        private EnvctlException kept(EnvctlException failure) {
            var name = options.spec().name();
            var look =
                    "What was made is kept to be looked at: `KUBECONFIG=%s kubectl get pods -A`, `envctl logs postgres -e %s`."
                            .formatted(options.directory().kubeconfig(), name);
            return new EnvctlException(
                    failure.kind(),
                    failure.problem(),
                    "%s\n%s\n`envctl down -e %s` removes it."
                            .formatted(failure.remedy(), look, name)
                            .strip(),
                    failure.details(),
                    failure);
        }

        /** Why it failed comes first: that is what is to be mended. */
        private static EnvctlException both(EnvctlException failure, EnvctlException left) {
            var details = new ArrayList<>(failure.details());
            details.addAll(left.details());
            var remedies = failure.remedy().isEmpty() ? left.remedy() : failure.remedy() + "\n" + left.remedy();
            return new EnvctlException(
                    failure.kind(), failure.problem() + "\n" + left.problem(), remedies, details, failure);
        }

        /** Until the end is asked for. */
        private void rest() {
            lifetime.rests();
            // What creation needed is garbage now: give the memory back before the long rest.
            System.gc();
            try {
                endAsked.await();
            } catch (InterruptedException e) {
                events.note("Interrupted.");
            }
        }

        /** @return why it could not be removed; empty once it is gone */
        private Optional<EnvctlException> remove() {
            if (health != null) {
                health.close();
            }
            events.change(State.REMOVING);
            locks.end("the environment is being removed");
            if (!endReason().isEmpty()) {
                events.note("Removing the environment: %s.".formatted(endReason()));
            }
            try {
                removal();
                options.directory().clear();
                timeline.end(endReason().isEmpty() ? "its creation failed" : endReason());
                writeTimeline();
                guardian.ifPresent(Guardian::release);
                events.change(State.REMOVED);
                return Optional.empty();
            } catch (EnvctlException e) {
                return Optional.of(left(e));
            }
        }

        private EnvctlException left(EnvctlException e) {
            var cluster = past().map(past -> " Nodes, volumes and the network of cluster %s may be left."
                            .formatted(past.identity().cluster()))
                    .orElse("");
            var again = "Then `envctl down -e %s` removes what is left: it is found by its labels."
                    .formatted(options.spec().name());
            return new EnvctlException(
                    e.kind(),
                    "The environment could not be removed whole: %s%s".formatted(e.problem(), cluster),
                    e.remedy().isEmpty() ? again : e.remedy() + "\n" + again,
                    e.details(),
                    e);
        }

        /** Empty also where the journal cannot be read, which is told already. */
        private Optional<Past> past() {
            try {
                return Past.read(options.directory());
            } catch (EnvctlException e) {
                return Optional.empty();
            }
        }

        private void removal() {
            new RemainsOf(tools, options.directory(), options.spec().cluster().engine(), timeline, events)
                    .remove(
                            options.spec().timeouts().engine(),
                            options.spec().timeouts().teardown());
        }
    }

    /** An environment is no worse for the lack of it. */
    private void writeTimeline() {
        try {
            EnvironmentDirectory.write(options.directory().timeline(), timeline.json());
        } catch (EnvctlException e) {
            events.warn("How long the phases took is not recorded: " + e.problem());
        }
    }

    private synchronized String endReason() {
        return endReason;
    }

    private synchronized void beginCreating() {
        creating = Thread.currentThread();
        if (endAsked.getCount() == 0) {
            creating.interrupt();
        }
    }

    /** From here on nothing interrupts: a removal that has begun is carried through. */
    private synchronized void endCreating() {
        creating = null;
        Thread.interrupted();
    }

    private JsonObject status() {
        var status = new JsonObject();
        status.addProperty("state", events.state().word());
        status.addProperty("name", options.spec().name());
        status.addProperty("pid", OwnProcess.pid());
        var phases = new JsonArray();
        for (var phase : events.running()) {
            var entry = new JsonObject();
            entry.addProperty("name", phase.name());
            entry.addProperty("since", phase.since().toString());
            entry.addProperty("reason", phase.reason());
            phases.add(entry);
        }
        status.add("phases", phases);
        status.add("lifetime", lifetime.json());
        status.add("notices", notices.json());
        Optional.ofNullable(health).flatMap(HealthWatch::json).ifPresent(broken -> status.add("broken", broken));
        return status;
    }
}
