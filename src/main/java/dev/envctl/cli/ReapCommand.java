package dev.envctl.cli;

import dev.envctl.client.RemoveEnvironment;
import dev.envctl.environment.EnvironmentDirectory;
import dev.envctl.process.OwnProcess;
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
        try (var view = ProgressOptions.open(spec, terminal)) {
            new RemoveEnvironment(Wiring.tools(terminal.variables()), view)
                    .reap(new EnvironmentDirectory(directory), primary);
            return 0;
        }
    }
}
