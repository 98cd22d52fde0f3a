package dev.envctl.cli;

import dev.envctl.client.Request;
import dev.envctl.primary.LifetimeLimits;
import dev.envctl.primary.Message;
import dev.envctl.primary.Primary;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.logging.ConsoleHandler;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The detached primary; started by {@code up}, which gives it a log file as its standard error. */
@Command(name = "primary", hidden = true, description = "Owns an environment; started by `envctl up`.")
final class PrimaryCommand implements Callable<Integer> {
    /** Longer than any teardown: after that the process ends, whatever state it is in. */
    private static final Duration LAST_RESORT = Duration.ofMinutes(10);

    @Mixin
    private EnvironmentOption environment = new EnvironmentOption();

    @Mixin
    private UpOptions options = new UpOptions();

    @Mixin
    private LifetimeOptions lifetime = new LifetimeOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final Terminal terminal;

    PrimaryCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        logLibraries();
        var variables = terminal.variables();
        var request = Request.read(
                Wiring.installation(), environment.files(), environment.name(variables), options.overrides(variables));
        try (var view = ProgressOptions.open(spec, terminal)) {
            return own(request, options.keepOnFailure(), lifetime.limits(), view, options.variables(variables));
        }
    }

    /** Lives as the primary in this process; a signal ends the environment first. */
    static int own(
            Request request,
            boolean keepOnFailure,
            LifetimeLimits limits,
            ProgressView view,
            java.util.Map<String, String> variables) {
        var primary = new Primary(
                request.options(keepOnFailure, limits, ReapCommand.line(request.directory())),
                Wiring.tools(variables),
                show(view));
        var hook = new Thread(() -> endFirst(primary), "signal");
        Runtime.getRuntime().addShutdownHook(hook);
        var code = primary.run();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // A signal is ending the process already: the exit code is its number's, given by the JVM.
            return code;
        }
        return code;
    }

    private static void endFirst(Primary primary) {
        primary.end("ended by a signal");
        try {
            primary.awaitEnd(LAST_RESORT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Consumer<Message> show(ProgressView view) {
        return message -> {
            if (message instanceof Message.Event event) {
                view.report(event.event());
            } else if (message instanceof Message.Failed failed) {
                view.fail(failed.failure());
            }
        };
    }

    private static void logLibraries() {
        var handler = new ConsoleHandler();
        handler.setLevel(Level.WARNING);
        Logger.getLogger("").addHandler(handler);
        // docker-java logs credentials at DEBUG (docker-java#1125).
        Logger.getLogger("com.github.dockerjava").setLevel(Level.WARNING);
    }
}
