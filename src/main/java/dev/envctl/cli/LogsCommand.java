package dev.envctl.cli;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.environment.EnvironmentDirectory;
import dev.envctl.environment.HandOff;
import dev.envctl.environment.ServiceLogs;
import dev.envctl.primary.Liveness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code envctl logs}. */
@Command(
        name = "logs",
        mixinStandardHelpOptions = true,
        description = "Print a log: of the primary, of kind, or of a service.")
final class LogsCommand implements Callable<Integer> {
    private static final String PRIMARY = "primary";

    @Parameters(
            arity = "0..1",
            paramLabel = "SERVICE",
            description = "primary, kind, postgres or redis. Default: ${DEFAULT-VALUE}.",
            defaultValue = PRIMARY)
    private String service = PRIMARY;

    @Option(
            names = "--lines",
            paramLabel = "N",
            description = "How many lines of a service's log. Default: ${DEFAULT-VALUE}.",
            defaultValue = "200")
    private int lines = 200;

    @Option(
            names = "--export",
            paramLabel = "DIR",
            description = "Write all logs, also those of the nodes and services, into a folder instead.")
    private @Nullable Path export;

    @Mixin
    private EnvironmentOption environment = new EnvironmentOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final Terminal terminal;

    LogsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        var directory = environment.directory(terminal.variables());
        var target = export;
        if (target != null) {
            export(directory, target);
            return 0;
        }
        var out = spec.commandLine().getOut();
        read(directory).forEach(line -> out.println(terminal.inert(line)));
        out.flush();
        return 0;
    }

    private List<String> read(EnvironmentDirectory directory) {
        return switch (service) {
            case PRIMARY -> file(directory.primaryLog());
            case "kind" -> file(directory.kindLog());
            case "postgres", "redis" -> {
                // Also of an environment whose creation failed and that was kept.
                if (Liveness.of(directory) != Liveness.ALIVE) {
                    Running.handOff(environment, terminal.variables());
                }
                yield new ServiceLogs(directory).read(service, lines);
            }
            default ->
                throw new EnvctlException(
                        FailureKind.USAGE,
                        "There is no log of `%s`.".formatted(service),
                        "Ask for primary, kind, postgres or redis.");
        };
    }

    private List<String> file(Path log) {
        try {
            return Files.readAllLines(log);
        } catch (IOException e) {
            throw new EnvctlException(
                    FailureKind.NOT_OWNER,
                    "Environment %s has no such log yet: %s"
                            .formatted(environment.name(terminal.variables()), e.getMessage()),
                    "`envctl up` writes it.",
                    e);
        }
    }

    private void export(EnvironmentDirectory directory, Path target) {
        var exported = target.toAbsolutePath().normalize();
        var logs = new ServiceLogs(directory);
        logs.copyFiles(exported);
        if (Liveness.of(directory) == Liveness.ALIVE) {
            HandOff.read(directory)
                    .flatMap(handOff -> logs.exportCluster(exported, Wiring.tools(terminal.variables()), handOff))
                    .ifPresent(this::warn);
        }
        spec.commandLine().getOut().println(exported);
        spec.commandLine().getOut().flush();
    }

    /** kind goes on after what it could not collect, so most of it is there. */
    private void warn(EnvctlException incomplete) {
        var err = spec.commandLine().getErr();
        err.println("warning: kind could not collect everything. " + incomplete.problem());
        incomplete.details().forEach(line -> err.println("  " + line));
        err.flush();
    }
}
