package dev.envctl.cluster;

import dev.envctl.process.Background;
import dev.envctl.process.Command;
import dev.envctl.process.Finished;
import dev.envctl.process.Programs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** A kind that says what the test tells it to and remembers what it was asked. */
final class FakeKind implements Programs {
    final List<Command> asked = new ArrayList<>();
    private int exitCode;
    private String stderr = "";

    FakeKind fails(String words) {
        exitCode = 1;
        stderr = words;
        return this;
    }

    @Override
    public Finished run(Command command, Consumer<String> onLine) {
        asked.add(command);
        stderr.lines().forEach(onLine);
        return new Finished(command, exitCode, "", stderr, Duration.ZERO);
    }

    @Override
    public Background start(Command command, Path output) {
        throw new UnsupportedOperationException("kind does not run beside us");
    }

    @Override
    public Optional<Path> find(String program) {
        return Optional.of(Path.of("/usr/bin", program));
    }
}
