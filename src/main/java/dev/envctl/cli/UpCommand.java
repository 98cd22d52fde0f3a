package dev.envctl.cli;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.environment.HandOff;
import dev.envctl.environment.Tools;
import dev.envctl.primary.Follower;
import dev.envctl.primary.Liveness;
import dev.envctl.primary.PrimaryClient;
import dev.envctl.primary.PrimaryRecord;
import dev.envctl.process.Command;
import dev.envctl.process.OwnProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
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
    private static final long ROLLBACK_MINUTES = 5;

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
        var request = Request.read(environment.files(), environment.name(variables), options.overrides(variables));
        if (dryRun) {
            print(output.json() ? PlanText.json(request) : PlanText.text(request));
            return 0;
        }
        try (var view = ProgressOptions.open(spec, terminal)) {
            var tools = Wiring.tools(variables);
            if (setup) {
                new SetupRun(tools, terminal, view, consent.given()).run(request.spec(), request.images());
            }
            return up(request, tools, view);
        }
    }

    private int up(Request request, Tools tools, ProgressView view) {
        if (foreground && Liveness.of(request.directory()) != Liveness.ALIVE) {
            return PrimaryCommand.own(request, options.keepOnFailure(), view, terminal.variables());
        }
        try (var follower = new Follower(request.directory(), tools, view)) {
            var running = follower.primary();
            if (running.isPresent() && recreate) {
                follower.down(request.spec().cluster().engine(), request.spec().timeouts(), "`envctl up --recreate`");
            } else {
                running.ifPresent(found -> refuseDifference(request, found));
            }
            if (running.isPresent() && !recreate) {
                var ready = HandOff.read(request.directory());
                if (ready.isPresent()) {
                    print(HandOffText.of(ready.get(), output.json()));
                    return 0;
                }
            }
            var found = follower.findOrStart(() -> primary(request, tools));
            if (!found.startedHere()) {
                refuseDifference(request, found.record());
            }
            print(HandOffText.of(awaitReady(follower, found), output.json()));
            return 0;
        }
    }

    /** Whoever started a creation takes it back with Ctrl-C; whoever only waits for it just stops waiting. */
    private static HandOff awaitReady(Follower follower, Follower.Found found) {
        if (!found.startedHere()) {
            return follower.awaitReady(found.record());
        }
        var done = new CountDownLatch(1);
        var hook = new Thread(() -> rollBack(found.record(), done), "signal");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            return follower.awaitReady(found.record());
        } finally {
            done.countDown();
            forget(hook);
        }
    }

    private static boolean forget(Thread hook) {
        try {
            return Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // It runs already: it waited for us, and the JVM now exits with the signal's code.
            return false;
        }
    }

    private static void rollBack(PrimaryRecord primary, CountDownLatch done) {
        new PrimaryClient(primary).down("`envctl up` was interrupted");
        try {
            done.await(ROLLBACK_MINUTES, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
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

    private Command primary(Request request, Tools tools) {
        var words = new ArrayList<String>();
        words.add("primary");
        words.addAll(List.of("--environment", request.spec().name(), "--progress", "plain", "--color", "never"));
        words.addAll(options.words());
        return OwnProcess.again(tools.programs(), Main.class.getName(), words);
    }

    private void print(String text) {
        var out = spec.commandLine().getOut();
        out.print(text);
        out.flush();
    }
}
