package dev.envctl.cli;

import java.util.Collection;
import java.util.List;
import java.util.Objects;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/** The commands of {@code envctl}, in the order of its help. */
final class Subcommands {
    private static final List<Class<?>> ALL = List.of(
            UpCommand.class,
            DownCommand.class,
            RunCommand.class,
            GcCommand.class,
            StatusCommand.class,
            EnvCommand.class,
            WorkerCommand.class,
            SuiteCommand.class,
            LogsCommand.class,
            LockCommand.class,
            ImagesCommand.class,
            SetupCommand.class,
            DoctorCommand.class,
            SchemaCommand.class,
            CompletionCommand.class,
            VersionCommand.class,
            PrimaryCommand.class,
            ReapCommand.class,
            RehearseCommand.class);

    private final CommandFactory factory;

    Subcommands(Terminal terminal) {
        this.factory = new CommandFactory(terminal);
    }

    List<CommandLine> all() {
        return ALL.stream().map(this::whole).toList();
    }

    /**
     * Whole are those that an argument names; of the others only what the help says of them. Reading the annotations of all
     * takes longer than most commands do.
     */
    List<CommandLine> named(Collection<String> arguments) {
        // A file of arguments may name any.
        if (arguments.stream().anyMatch(argument -> argument.startsWith("@"))) {
            return all();
        }
        return ALL.stream()
                .map(type -> arguments.contains(annotation(type).name()) ? whole(type) : outline(type))
                .toList();
    }

    private CommandLine whole(Class<?> type) {
        return new CommandLine(type, factory);
    }

    private CommandLine outline(Class<?> type) {
        var told = annotation(type);
        var spec = CommandSpec.create().name(told.name());
        spec.usageMessage().description(told.description()).hidden(told.hidden());
        return new CommandLine(spec, factory);
    }

    private static Command annotation(Class<?> type) {
        return Objects.requireNonNull(type.getAnnotation(Command.class));
    }
}
