package dev.envctl.cli;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.client.LeaveEnvironment;
import dev.envctl.client.MakeReady;
import dev.envctl.client.Ownership;
import dev.envctl.client.Request;
import dev.envctl.primary.Follower;
import dev.envctl.primary.LifetimeLimits;
import dev.envctl.primary.PrimaryClient;
import dev.envctl.process.KnownProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * {@code envctl run}: up, a command, down. The environment is ephemeral and owned by this process; one that was there before is
 * used and left alone.
 */
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = "Make the environment, run a command with its settings, remove it. Exit code: the command's own.")
final class RunCommand implements Callable<Integer> {
    @Mixin
    private EnvironmentOption environment = new EnvironmentOption();

    @Mixin
    private UpOptions options = new UpOptions();

    @Mixin
    private LifetimeOptions lifetime = new LifetimeOptions();

    @Parameters(arity = "1..*", paramLabel = "COMMAND", description = "The command and its arguments, after --.")
    private List<String> command = new ArrayList<>();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final Terminal terminal;

    RunCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        var variables = terminal.variables();
        var request = Request.read(
                Wiring.installation(), environment.files(), environment.name(variables), options.overrides(variables));
        var mayReplace = !Ownership.isWorker(variables);
        try (var view = ProgressOptions.open(spec, terminal);
                var follower = new Follower(
                        request.directory(), Wiring.tools(options.variables(variables)), view, mayReplace)) {
            var ready = new MakeReady(Wiring.installation(), request, options.words(), limits(), view, view::fail)
                    .run(follower);
            return ready.isPresent() ? run(ready.get(), request, follower, view) : FailureKind.INTERRUPTED.exitCode();
        }
    }

    /** Those asked for, and this process as an owner. */
    private LifetimeLimits limits() {
        var asked = lifetime.limits();
        var owners = new ArrayList<>(asked.owners());
        owners.add(KnownProcess.self());
        return new LifetimeLimits(asked.ttl(), asked.idle(), owners, true);
    }

    private int run(MakeReady.Ready ready, Request request, Follower follower, ProgressView view) {
        var name = request.spec().name();
        if (!ready.found().startedHere()) {
            view.note("Environment %s ran already: it is used as it is and left running.".formatted(name));
        }
        var code = FailureKind.FAILED.exitCode();
        try {
            code = UsersCommand.run(
                    dev.envctl.process.Command.of(command)
                            .with(new EnvironmentHandout(ready.handOff(), request.directory()).variables()),
                    started -> {});
            return code;
        } finally {
            if (ready.found().startedHere()) {
                end(code, ready, request, follower, view);
            }
        }
    }

    /** Whatever becomes of the environment, the exit code stays the command's. */
    private void end(int code, MakeReady.Ready ready, Request request, Follower follower, ProgressView view) {
        try {
            leave(code, ready, request, follower, view);
        } catch (EnvctlException e) {
            warn(request, (e.problem() + " " + e.remedy()).strip(), view);
        } catch (RuntimeException e) {
            warn(request, e.toString(), view);
        }
    }

    private static void warn(Request request, String problem, ProgressView view) {
        view.warn(
                "Environment %s could not be ended: %s".formatted(request.spec().name(), problem));
    }

    private void leave(int code, MakeReady.Ready ready, Request request, Follower follower, ProgressView view) {
        var spec = request.spec();
        var leaving = new LeaveEnvironment(follower, view);
        if (code != 0 && options.keepOnFailure() && !leaving.isTakenOver(spec, ready)) {
            new PrimaryClient(ready.found().record()).keep();
            view.note("The command ended with exit code %d: environment %s is kept. `envctl down%s` removes it."
                    .formatted(code, spec.name(), Running.option(spec.name())));
        } else {
            leaving.run(spec, ready, "`envctl run` has ended");
        }
    }
}
