package dev.envctl.scripted;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.machine.FakeMachine;
import dev.envctl.process.Background;
import dev.envctl.process.Command;
import dev.envctl.process.Finished;
import dev.envctl.process.Leftovers;
import dev.envctl.process.Programs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** The host's programs as one process runs them, and those that killed processes left. */
final class ScriptedPrograms implements Programs, Leftovers {
    private final World world;
    private final Life life;
    private final Supplier<Background> primary;
    private final Programs others = FakeMachine.programs();

    /** @param primary starts one */
    ScriptedPrograms(World world, Life life, Supplier<Background> primary) {
        this.world = world;
        this.life = life;
        this.primary = primary;
    }

    @Override
    public Finished run(Command command, Consumer<String> onLine) {
        life.live();
        if (command.paste().startsWith("kind create cluster")) {
            return createCluster(command);
        }
        if (command.paste().startsWith("kind export logs")) {
            return new Finished(command, 0, "", "", Duration.ZERO);
        }
        return others.run(command, onLine);
    }

    private Finished createCluster(Command command) {
        var kind =
                life.step("kind: start", () -> ScriptedKind.of(world, command), () -> ScriptedKind.of(world, command));
        while (!kind.steps.isEmpty()) {
            if (Thread.currentThread().isInterrupted()) {
                end(Set.of("kind", "podman"), kind.arguments.replaceAll(".*--name (\\S+).*", "$1"));
                throw new EnvctlException(FailureKind.INTERRUPTED, "kind was interrupted", "");
            }
            life.<Boolean, RuntimeException>step("kind: goes on", () -> true, () -> {
                kind.next();
                return true;
            });
            Thread.onSpinWait();
        }
        synchronized (world) {
            world.processes.remove(kind);
        }
        return new Finished(command, kind.failed ? 1 : 0, "", kind.failed ? "ERROR: failed" : "", Duration.ZERO);
    }

    @Override
    public Background start(Command command, Path output) {
        return primary.get();
    }

    @Override
    public Optional<Path> find(String program) {
        return others.find(program);
    }

    /** They may do one thing more before they end. */
    @Override
    public List<String> end(Set<String> programs, String marker) {
        return end(programs, marker, true);
    }

    @Override
    public List<String> kill(Set<String> programs, String marker) {
        return end(programs, marker, false);
    }

    private List<String> end(Set<String> programs, String marker, boolean politely) {
        var ended = new ArrayList<String>();
        while (true) {
            var found = life.step("end programs", List::<World.Running>of, () -> matching(programs, marker));
            if (found.isEmpty()) {
                return ended;
            }
            for (var process : found) {
                life.<Boolean, RuntimeException>step("end program", () -> false, () -> {
                    if (politely && world.chance(2) == 0) {
                        process.next();
                    }
                    return world.processes.remove(process);
                });
                ended.add(process.toString());
            }
        }
    }

    private List<World.Running> matching(Set<String> programs, String marker) {
        return world.processes.stream()
                .filter(process -> programs.contains(process.program) && process.arguments.contains(marker))
                .toList();
    }
}
