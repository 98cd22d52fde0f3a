package dev.envctl.cli;

import dev.envctl.client.Ownership;
import dev.envctl.environment.EnvironmentDirectory;
import dev.envctl.primary.Follower;
import dev.envctl.spec.ClusterSpec.EngineChoice;
import dev.envctl.spec.Timeouts;
import java.nio.file.Files;
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
            var removed = Files.exists(directory.path()) && remove(directory, view);
            view.note(
                    removed
                            ? "Environment %s is gone.".formatted(name)
                            : "There is no environment %s%s.".formatted(name, Running.ended(directory)));
            return 0;
        }
    }

    private boolean remove(EnvironmentDirectory directory, ProgressView view) {
        try (var follower = new Follower(directory, Wiring.tools(terminal.variables()), view)) {
            return follower.down(EngineChoice.AUTO, Timeouts.OF_REMOVAL, "`envctl down`");
        }
    }
}
