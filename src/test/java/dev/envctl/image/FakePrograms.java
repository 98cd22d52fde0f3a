package dev.envctl.image;

import dev.envctl.process.Background;
import dev.envctl.process.Command;
import dev.envctl.process.Finished;
import dev.envctl.process.Programs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;

/** Answers commands by a function of theirs and keeps them. */
final class FakePrograms implements Programs {
    /** What a program does: its output, or with a leading exit code such as {@code "1:output"}. */
    private final Function<Command, String> behaviour;

    final List<Command> commands = new CopyOnWriteArrayList<>();
    private List<String> stderr = List.of();

    FakePrograms(Function<Command, String> behaviour) {
        this.behaviour = behaviour;
    }

    FakePrograms saying(String... lines) {
        stderr = List.of(lines);
        return this;
    }

    @Override
    public Finished run(Command command, Consumer<String> onLine) {
        commands.add(command);
        stderr.forEach(onLine);
        var output = behaviour.apply(command);
        var failed = output.startsWith("1:");
        return new Finished(
                command,
                failed ? 1 : 0,
                failed ? output.substring(2) : output,
                String.join("\n", stderr),
                Duration.ZERO);
    }

    @Override
    public Background start(Command command, Path output) {
        throw new UnsupportedOperationException("nothing here runs beside us");
    }

    @Override
    public Optional<Path> find(String program) {
        return Optional.empty();
    }
}
