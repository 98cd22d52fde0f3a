package dev.envctl.cli;

import dev.envctl.client.Ownership;
import dev.envctl.client.RemoveEnvironment;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * {@code envctl down}. Does not read the environment file: what was made must go, also when the file has been changed or
 * deleted since.
 */
@Command(
        name = "down",
        mixinStandardHelpOptions = true,
        description = "Remove the environment and everything it made. Fine when there is none.")
final class DownCommand implements Callable<Integer> {
    @Mixin
    private EnvironmentOption environment = new EnvironmentOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final Terminal terminal;

    DownCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        var variables = terminal.variables();
        var directory = environment.directory(variables);
        var name = environment.name(variables);
        Ownership.require(variables, directory, name);
        try (var view = ProgressOptions.open(spec, terminal)) {
            var removed = new RemoveEnvironment(Wiring.tools(variables), view).run(directory, "`envctl down`");
            view.note(
                    removed
                            ? "Environment %s is gone.".formatted(name)
                            : "There is no environment %s%s.".formatted(name, Running.ended(directory)));
            return 0;
        }
    }
}
