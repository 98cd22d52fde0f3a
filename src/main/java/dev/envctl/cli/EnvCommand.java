package dev.envctl.cli;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.environment.HandOff;
import dev.envctl.environment.WorkerLease;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code envctl env}: the settings of the environment, or of one worker, as variables. */
@Command(
        name = "env",
        mixinStandardHelpOptions = true,
        description = "Print the settings as variables: eval \"$$(envctl env)\", or with --worker those of one lease.")
final class EnvCommand implements Callable<Integer> {
    @Mixin
    private EnvironmentOption environment = new EnvironmentOption();

    @Option(
            names = {"-w", "--worker"},
            paramLabel = "N",
            description = "The settings of lease N, from 1.")
    private int worker;

    @Option(
            names = "--shell",
            paramLabel = "SHELL",
            description =
                    "For `-o text`: bash, fish, powershell, or none for plain NAME=value lines. Default: ${DEFAULT-VALUE}.",
            defaultValue = "bash")
    private Shell shell = Shell.bash;

    @Mixin
    private HandoutOption output = new HandoutOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final Terminal terminal;

    EnvCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        var recipient = output.open(spec, terminal);
        var handOff = Running.handOff(environment, terminal.variables());
        var directory = environment.directory(terminal.variables());
        directory.markUsed();
        try (var view = ProgressOptions.open(spec, terminal)) {
            Running.tell(directory, view);
        }
        recipient.take(new VariablesHandout(
                worker == 0 ? new EnvironmentHandout(handOff, directory) : new LeaseHandout(lease(handOff)), shell));
        return 0;
    }

    /** Where the lease lies if somebody has acquired it. */
    private Path onDemand() {
        return environment.directory(terminal.variables()).workers().resolve(worker + ".json");
    }

    private WorkerLease lease(HandOff handOff) {
        return handOff.workers().stream()
                .filter(found -> found.index() == worker)
                .findFirst()
                .map(found -> Path.of(found.file()))
                .or(() -> Optional.of(onDemand()))
                .flatMap(WorkerLease::read)
                .orElseThrow(() -> new EnvctlException(
                        FailureKind.USAGE,
                        "Environment %s has no worker %d: it has %d, counted from 1."
                                .formatted(
                                        handOff.name(),
                                        worker,
                                        handOff.workers().size()),
                        "Set workers.count in the environment file, or ask for another."));
    }
}
