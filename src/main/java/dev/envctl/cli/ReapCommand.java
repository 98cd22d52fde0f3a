package dev.envctl.cli;

import dev.envctl.environment.EnvironmentDirectory;
import dev.envctl.primary.Abandoned;
import dev.envctl.primary.Follower;
import dev.envctl.process.OwnProcess;
import dev.envctl.spec.Timeouts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What the guardian of an ephemeral environment runs when primary and owner are both gone. */
@Command(
        name = "reap",
        hidden = true,
        description = "Remove what a killed primary left, unless another has taken over.")
final class ReapCommand implements Callable<Integer> {
    @Option(names = "--directory", required = true)
    private Path directory = Path.of("");

    @Option(names = "--primary", required = true)
    private long primary;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final Terminal terminal;

    ReapCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    /** The command for this process's own environment, run when this process is gone. */
    static List<String> line(EnvironmentDirectory directory) {
        return OwnProcess.again(
                        Main.class.getName(),
                        List.of(
                                "reap",
                                "--directory",
                                directory.path().toString(),
                                "--primary",
                                Long.toString(OwnProcess.pid()),
                                "--progress",
                                "plain",
                                "--color",
                                "never"))
                .arguments();
    }

    @Override
    public Integer call() {
        var environment = new EnvironmentDirectory(directory);
        var tools = Wiring.tools(terminal.variables());
        try (var view = ProgressOptions.open(spec, terminal)) {
            if (Files.exists(environment.lock())) {
                try (var follower = new Follower(environment, tools, view)) {
                    follower.reap(primary, Timeouts.OF_REMOVAL);
                }
                return 0;
            }
            // The project was deleted: what is left is found by its labels.
            var abandoned = new Abandoned(tools, Timeouts.OF_REMOVAL, view);
            return abandoned.collect(directory, false).stream().anyMatch(Abandoned.Found::failed) ? 1 : 0;
        }
    }
}
