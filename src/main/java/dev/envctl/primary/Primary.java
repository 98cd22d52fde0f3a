package dev.envctl.primary;

import com.google.gson.JsonObject;
import dev.envctl.environment.Ended;
import dev.envctl.environment.EnvironmentDirectory;
import dev.envctl.environment.HandOff;
import dev.envctl.environment.Tools;
import dev.envctl.environment.Usage;
import dev.envctl.environment.UsageView;
import dev.envctl.image.PinnedImage;
import dev.envctl.machine.HostPorts;
import dev.envctl.process.OwnProcess;
import dev.envctl.spec.EnvironmentSpec;
import dev.envctl.spec.Inputs;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * The one process that owns an environment: it holds the kernel lock, creates the environment or takes over what an
 * earlier primary left, serves the API, and removes everything at the end. Nobody else does.
 */
public final class Primary {
    /** {@link #run}'s answer when another process is the primary already. */
    public static final int SOMEBODY_ELSE_IS = 75;

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
    private final Locks locks = new Locks(InstantSource.system());
    private final Lifetime lifetime;
    private final Notices notices;
    private final AtomicReference<HealthWatch> health = new AtomicReference<>();
    private final LeaseRoutes leaseRoutes =
            new LeaseRoutes(() -> Optional.ofNullable(health.get()).flatMap(HealthWatch::broken));
    private final EndRequest end = new EndRequest();
    private final CountDownLatch ended = new CountDownLatch(1);

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
            var lock = Briefly.again(tools.waits(), file::tryPrimary);
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
    public void end(String reason) {
        end.ask(reason);
    }

    /** Waits until {@link #run} has done all it does. */
    public boolean awaitEnd(Duration limit) throws InterruptedException {
        return ended.await(limit.toMillis(), TimeUnit.MILLISECONDS);
    }

    private int own() {
        var directory = options.directory();
        var before = PrimaryRecord.read(directory.primary());
        // It must not send anybody to the primary that is gone, or to whoever has its port now.
        EnvironmentDirectory.delete(directory.primary());
        EnvironmentDirectory.privateDirectory(tools.cache().path());
        var tokens = new Tokens(tools.random());
        var guardian = guardian();
        var use = new EnvironmentUse(directory, leaseRoutes::anyHeld);
        try (var ports = HostPorts.of(tools.machine(), tools.cache().path().resolve("ports.lock"));
                var clusters = new OwnedClusters(tools.machine(), tools.cache());
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
            // After what a full disk refuses: there is nobody yet who would remove it.
            EnvironmentDirectory.privateDirectory(directory.scratch());
            guardian.ifPresent(Guardian::ensure);
            Ended.read(directory.timeline()).ifPresent(this::tellOfTheLast);
            var watch = new LifetimeWatch(lifetime, use, Clocks.ofMachine(), guardian, notices, this::end).start();
            try {
                var lasting =
                        new Life.Lasting(options, tools, events, lifetime, notices, locks, leaseRoutes, end, health);
                return new Life(lasting, new Life.Open(ports, clusters, guardian, use, tokens), before, record).live();
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
                ? Optional.of(new Guardian(tools.programs(), options.directory(), reaper(), limits.owners()))
                : Optional.empty();
    }

    /** From wherever it is run it finds the cache that we use: a variable may name that relative to where we were started. */
    private List<String> reaper() {
        var command =
                new ArrayList<>(List.of("env", "ENVCTL_CACHE=" + tools.cache().path()));
        command.addAll(options.reaper());
        return command;
    }

    private List<Route> routes(Optional<Guardian> guardian) {
        var lasting = new LifetimeRoutes(
                lifetime,
                owner -> guardian.ifPresent(one -> one.add(owner)),
                () -> guardian.ifPresent(Guardian::release));
        var lockRoutes = new LockRoutes(locks);
        var status = new StatusView(options.spec().name(), events, lifetime, notices, health);
        return Stream.of(
                        new OwnerRoutes(events, status::json, this::end).routes(),
                        lasting.routes(),
                        leaseRoutes.routes(),
                        lockRoutes.routes(),
                        new DetailsRoutes(status::json, leaseRoutes::list, lockRoutes, this::usage).routes())
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
}
