package dev.envctl.engine;

import dev.envctl.process.Background;
import dev.envctl.process.Command;
import dev.envctl.process.Finished;
import dev.envctl.process.Programs;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Knows some programs by name; what is started runs or has ended at once, as the test says. */
final class FakePrograms implements Programs {
    private final Set<String> installed;
    private final Consumer<Command> onStart;
    private final Optional<Integer> exitCode;
    final List<String> started = new ArrayList<>();
    int ended;

    private FakePrograms(Set<String> installed, Consumer<Command> onStart, Optional<Integer> exitCode) {
        this.installed = installed;
        this.onStart = onStart;
        this.exitCode = exitCode;
    }

    static FakePrograms installed(String... programs) {
        return new FakePrograms(Set.of(programs), command -> {}, Optional.empty());
    }

    static FakePrograms thatEndWith(int exitCode) {
        return new FakePrograms(Set.of("podman"), command -> {}, Optional.of(exitCode));
    }

    static FakePrograms thatRun(Consumer<Command> onStart) {
        return new FakePrograms(Set.of("podman"), onStart, Optional.empty());
    }

    @Override
    public Finished run(Command command, Consumer<String> onLine) {
        throw new UnsupportedOperationException("nothing here is run to its end");
    }

    @Override
    public Background start(Command command, Path output) {
        started.add(command.paste());
        onStart.accept(command);
        return new Background() {
            @Override
            public long pid() {
                return 4711;
            }

            @Override
            public boolean alive() {
                return exitCode.isEmpty();
            }

            @Override
            public int exitCode() {
                return exitCode.orElseThrow();
            }

            @Override
            public void leave() {
                throw new UnsupportedOperationException("nothing here is left");
            }

            @Override
            public void end() {
                ended++;
            }
        };
    }

    @Override
    public Optional<Path> find(String program) {
        return installed.contains(program) ? Optional.of(Path.of("/usr/bin", program)) : Optional.empty();
    }
}
