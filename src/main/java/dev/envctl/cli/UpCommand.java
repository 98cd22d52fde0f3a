package dev.envctl.cli;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.client.MakeReady;
import dev.envctl.client.Ownership;
import dev.envctl.client.Request;
import dev.envctl.environment.EnvironmentDirectory;
import dev.envctl.environment.HandOff;
import dev.envctl.environment.MemoryRoom;
import dev.envctl.environment.Timeline;
import dev.envctl.environment.Tools;
import dev.envctl.machine.HostMemory;
import dev.envctl.machine.Machine;
import dev.envctl.primary.Follower;
import dev.envctl.primary.Liveness;
import dev.envctl.primary.Primary;
import dev.envctl.primary.PrimaryRecord;
import dev.envctl.spec.Overrides;
import java.nio.file.Files;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.IntSupplier;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code envctl up}: makes it so, and waits until it is. */
@picocli.CommandLine.Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = "Make the environment, or attach to it when it is there already. Waits until it is ready.")
final class UpCommand implements Callable<Integer> {
    @Mixin
    private EnvironmentOption environment = new EnvironmentOption();

    @Mixin
    private UpOptions options = new UpOptions();

    @Mixin
    private LifetimeOptions lifetime = new LifetimeOptions();

    @Mixin
    private HandoutOption output = new HandoutOption();

    @Mixin
    private ConsentOption consent = new ConsentOption();

    @Option(
            names = "--setup",
            description = "First install what this machine lacks and get or build the images, as `envctl setup` does.")
    private boolean setup;

    @Option(names = "--recreate", description = "Remove an environment that is there, then make it anew.")
    private boolean recreate;

    @Option(
            names = "--foreground",
            description = "Be the primary: stay until Ctrl-C or `envctl down`. Attach where there is one already.")
    private boolean foreground;

    @Option(
            names = {"-n", "--dry-run"},
            description = "Show phases, images, names and ports; touch nothing.")
    private boolean dryRun;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final Terminal terminal;

    UpCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        if (setup && options.offline()) {
            throw new ParameterException(
                    spec.commandLine(), "--setup gets what is missing from the network: not --offline.");
        }
        if (dryRun || foreground) {
            output.refuseMoreThanLooking(dryRun ? "--dry-run" : "--foreground", spec);
        }
        var began = Instant.now();
        var recipient = output.open(spec, terminal);
        var variables = terminal.variables();
        var overrides = options.overrides(variables);
        var attaching = !dryRun && !setup && !recreate;
        if (attaching) {
            var directory = environment.directory(variables);
            var running = unchanged(directory, overrides);
            if (running.isPresent()) {
                attach(directory, running.get(), recipient);
                return 0;
            }
        }
        var request = Request.read(Wiring.installation(), environment.files(), environment.name(variables), overrides);
        if (dryRun) {
            plan(request);
            return 0;
        }
        lifetime.limits();
        if (recreate) {
            Ownership.require(variables, request.directory(), request.spec().name());
        }
        if (attaching) {
            var running = running(request);
            if (running.isPresent()) {
                attach(request.directory(), running.get(), recipient);
                return 0;
            }
        }
        IntSupplier made;
        try (var view = ProgressOptions.open(spec, terminal)) {
            var tools = Wiring.tools(options.variables(variables));
            if (setup) {
                new SetupRun(tools, terminal, view, consent.given(), false).run(request.spec(), request.images());
            }
            made = up(request, tools, view, recipient);
        } catch (EnvctlException e) {
            tell(recipient, request, e, began);
            throw e;
        }
        return made.getAsInt();
    }

    /** What cannot be told does not take the place of what has failed. */
    private static void tell(Recipient recipient, Request request, EnvctlException failure, Instant began) {
        try {
            recipient.takeFailure(() -> EnvironmentSummary.failed(
                    request.spec().name(),
                    failure,
                    Timeline.readSince(began, request.directory().timeline())));
        } catch (EnvctlException e) {
            failure.addSuppressed(e);
        }
    }

    /** Fails where the machine lacks the memory, after the whole arithmetic has been shown. */
    private void plan(Request request) {
        var memory = HostMemory.of(Machine.here());
        var out = spec.commandLine().getOut();
        out.print(output.json() ? PlanText.json(request, memory) : PlanText.text(request, memory));
        out.flush();
        memory.ifPresent(host -> MemoryRoom.require(request.spec(), host));
    }

    /** What is ready already and was made from the very same files: they need not be read. */
    private static Optional<HandOff> unchanged(EnvironmentDirectory directory, Overrides overrides) {
        if (Liveness.of(directory) != Liveness.ALIVE) {
            return Optional.empty();
        }
        return PrimaryRecord.read(directory.primary())
                .filter(primary -> primary.inputs().hold(overrides, Wiring.build()))
                .flatMap(primary -> primary.handOff(directory));
    }

    /** Attaching is use, and may make it last longer. */
    private void attach(EnvironmentDirectory directory, HandOff running, Recipient recipient) {
        directory.markUsed();
        var limits = lifetime.limits();
        if (limits.any() || Files.exists(directory.notices())) {
            try (var view = ProgressOptions.open(spec, terminal)) {
                Running.tell(directory, view);
                PrimaryRecord.read(directory.primary())
                        .ifPresent(primary -> MakeReady.prolong(running.name(), primary, limits, view));
            }
        }
        recipient.take(new EnvironmentHandout(running, directory));
    }

    /** What is ready already: asked for before anything is put together that only a creation needs. */
    private static Optional<HandOff> running(Request request) {
        if (Liveness.of(request.directory()) != Liveness.ALIVE) {
            return Optional.empty();
        }
        var primary = PrimaryRecord.read(request.directory().primary());
        primary.ifPresent(found -> MakeReady.refuseDifference(request, found));
        return primary.flatMap(found -> found.handOff(request.directory()));
    }

    /** Returns what is left to do, and then the exit code, once there is an environment. */
    private IntSupplier up(Request request, Tools tools, ProgressView view, Recipient recipient) {
        if (recreate) {
            removeWhatIsThere(request, tools, view);
        }
        var ready = new MakeReady(Wiring.installation(), request, options.words(), lifetime.limits(), view, view::fail);
        return foreground
                ? inForeground(request, tools, view, ready, recipient)
                : upDetached(request, tools, view, ready, recipient);
    }

    private IntSupplier upDetached(
            Request request, Tools tools, ProgressView view, MakeReady make, Recipient recipient) {
        try (var follower = follower(request, tools, view)) {
            return make.run(follower, UsersCommand::ignoreSignals)
                    .map(ready -> handingOut(ready.handOff(), request, recipient))
                    .orElse(FailureKind.INTERRUPTED::exitCode);
        }
    }

    /** Of many that want to be the primary one is it; the others attach to it. */
    private IntSupplier inForeground(
            Request request, Tools tools, ProgressView view, MakeReady make, Recipient recipient) {
        while (true) {
            // Closed before a primary lives here: that would lose its lock with the follower's.
            try (var follower = follower(request, tools, view)) {
                var living = follower.find();
                if (living.isPresent()) {
                    return handingOut(make.attach(follower, living.get()), request, recipient);
                }
            }
            var code = PrimaryCommand.own(
                    request, options.keepOnFailure(), lifetime.limits(), view, options.variables(terminal.variables()));
            if (code != Primary.SOMEBODY_ELSE_IS) {
                return () -> code;
            }
        }
    }

    private Follower follower(Request request, Tools tools, ProgressView view) {
        var mayReplace = !Ownership.isWorker(terminal.variables());
        return new Follower(request.directory(), tools, view, mayReplace);
    }

    private static IntSupplier handingOut(HandOff handOff, Request request, Recipient recipient) {
        var handout = new EnvironmentHandout(handOff, request.directory());
        return () -> {
            recipient.take(handout);
            return 0;
        };
    }

    /** Also what a killed primary left: the next one would take it over. */
    private static void removeWhatIsThere(Request request, Tools tools, ProgressView view) {
        if (Liveness.of(request.directory()) != Liveness.NONE) {
            try (var follower = new Follower(request.directory(), tools, view)) {
                follower.down(request.spec().timeouts(), "`envctl up --recreate`");
            }
        }
    }
}
