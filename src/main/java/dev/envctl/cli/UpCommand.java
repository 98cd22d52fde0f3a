package dev.envctl.cli;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.environment.EnvironmentDirectory;
import dev.envctl.environment.HandOff;
import dev.envctl.environment.MemoryRoom;
import dev.envctl.environment.Tools;
import dev.envctl.machine.HostMemory;
import dev.envctl.machine.Machine;
import dev.envctl.primary.Follower;
import dev.envctl.primary.Liveness;
import dev.envctl.primary.PrimaryRecord;
import dev.envctl.process.Command;
import dev.envctl.process.OwnProcess;
import dev.envctl.spec.Overrides;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
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
    private OutputOption output = new OutputOption();

    @Mixin
    private ConsentOption consent = new ConsentOption();

    @Option(
            names = "--setup",
            description = "First install what this machine lacks and get or build the images, as `envctl setup` does.")
    private boolean setup;

    @Option(names = "--recreate", description = "Remove an environment that is there, then make it anew.")
    private boolean recreate;

    @Option(names = "--foreground", description = "Be the primary: stay until Ctrl-C or `envctl down`.")
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
        var variables = terminal.variables();
        var overrides = options.overrides(variables);
        var attaching = !dryRun && !setup && !recreate;
        if (attaching) {
            var running = unchanged(environment.directory(variables), overrides);
            if (running.isPresent()) {
                print(HandOffText.of(running.get(), output.json()));
                return 0;
            }
        }
        var request = Request.read(environment.files(), environment.name(variables), overrides);
        if (dryRun) {
            plan(request);
            return 0;
        }
        if (recreate) {
            Ownership.require(variables, request.directory(), request.spec().name());
        }
        if (attaching) {
            var running = running(request);
            if (running.isPresent()) {
                print(HandOffText.of(running.get(), output.json()));
                return 0;
            }
        }
        try (var view = ProgressOptions.open(spec, terminal)) {
            var tools = Wiring.tools(variables);
            if (setup) {
                new SetupRun(tools, terminal, view, consent.given(), false).run(request.spec(), request.images());
            }
            return up(request, tools, view);
        }
    }

    /** Fails where the machine lacks the memory, after the whole arithmetic has been shown. */
    private void plan(Request request) {
        var memory = HostMemory.of(Machine.here());
        print(output.json() ? PlanText.json(request, memory) : PlanText.text(request, memory));
        memory.ifPresent(host -> MemoryRoom.require(request.spec(), host));
    }

    /** What is ready already and was made from the very same files: they need not be read. */
    private static Optional<HandOff> unchanged(EnvironmentDirectory directory, Overrides overrides) {
        if (Liveness.of(directory) != Liveness.ALIVE) {
            return Optional.empty();
        }
        return PrimaryRecord.read(directory.primary())
                .filter(primary -> primary.inputs().hold(overrides, Wiring.build()))
                .flatMap(primary -> HandOff.read(directory));
    }

    /** What is ready already: asked for before anything is put together that only a creation needs. */
    private static Optional<HandOff> running(Request request) {
        if (Liveness.of(request.directory()) != Liveness.ALIVE) {
            return Optional.empty();
        }
        var primary = PrimaryRecord.read(request.directory().primary());
        primary.ifPresent(found -> refuseDifference(request, found));
        return primary.isPresent() ? HandOff.read(request.directory()) : Optional.empty();
    }

    private int up(Request request, Tools tools, ProgressView view) {
        if (foreground && Liveness.of(request.directory()) != Liveness.ALIVE) {
            return PrimaryCommand.own(request, options.keepOnFailure(), view, terminal.variables());
        }
        try (var follower = new Follower(request.directory(), tools, view)) {
            if (recreate && follower.primary().isPresent()) {
                follower.down(request.spec().cluster().engine(), request.spec().timeouts(), "`envctl up --recreate`");
            }
            return create(request, follower, view);
        }
    }

    /** Whoever started a creation takes it back with Ctrl-C; whoever only waits for it just stops waiting. */
    private int create(Request request, Follower follower, ProgressView view) {
        var rollBack = new RollBack(follower, request, view);
        try (rollBack) {
            var found = follower.findOrStart(() -> {
                rollBack.starting();
                return primary(request);
            });
            rollBack.found(found);
            if (!found.startedHere()) {
                refuseDifference(request, found.record());
            }
            var ready = follower.awaitReady(found.record());
            if (!rollBack.begun()) {
                print(HandOffText.of(ready, output.json()));
            }
            return 0;
        } catch (EnvctlException e) {
            if (rollBack.begun()) {
                // It is told there; the JVM exits with the signal's code.
                return e.kind().exitCode();
            }
            throw e;
        }
    }

    private static void refuseDifference(Request request, PrimaryRecord running) {
        var differences = request.fingerprint().differences(running.fingerprint());
        if (!differences.isEmpty()) {
            throw new EnvctlException(
                    FailureKind.USAGE,
                    "Environment %s runs already (primary pid %d), made from other settings. Nothing was changed."
                            .formatted(request.spec().name(), running.pid()),
                    "`envctl up --recreate` removes it and makes it anew.",
                    differences,
                    null);
        }
    }

    private Command primary(Request request) {
        var words = new ArrayList<String>();
        words.add("primary");
        words.addAll(List.of("--environment", request.spec().name(), "--progress", "plain", "--color", "never"));
        words.addAll(options.words());
        return OwnProcess.again(Main.class.getName(), words);
    }

    private void print(String text) {
        var out = spec.commandLine().getOut();
        out.print(text);
        out.flush();
    }
}
