package dev.envctl.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Found among all processes of this machine. */
public final class LeftoverPrograms implements Leftovers {
    /** Podman leaves a half-made container in its store where it is killed at once: give it time to end in order. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    private static final int ROUNDS = 20;

    @Override
    public List<String> end(Set<String> programs, String marker) {
        var ended = new ArrayList<String>();
        for (var round = 0; round < ROUNDS; round++) {
            var found = find(programs, marker);
            if (found.isEmpty()) {
                break;
            }
            found.stream().map(LeftoverPrograms::describe).forEach(ended::add);
            found.forEach(ProcessHandle::destroy);
            var until = System.nanoTime() + GRACE.toNanos();
            found.forEach(process -> awaitEnd(process, until));
        }
        return ended;
    }

    @Override
    public List<String> kill(Set<String> programs, String marker) {
        var found = find(programs, marker);
        found.forEach(ProcessHandle::destroyForcibly);
        return found.stream().map(LeftoverPrograms::describe).toList();
    }

    private static List<ProcessHandle> find(Set<String> programs, String marker) {
        var self = ProcessHandle.current().pid();
        return ProcessHandle.allProcesses()
                .filter(process -> process.pid() != self)
                .filter(process -> runs(process, programs))
                .filter(process -> Arrays.stream(process.info().arguments().orElse(new String[0]))
                        .anyMatch(argument -> argument.contains(marker)))
                .toList();
    }

    private static boolean runs(ProcessHandle process, Set<String> programs) {
        return process.info()
                .command()
                .map(Path::of)
                .map(Path::getFileName)
                .filter(program -> programs.contains(program.toString()))
                .isPresent();
    }

    private static String describe(ProcessHandle process) {
        return "process %d (%s)"
                .formatted(process.pid(), process.info().command().orElse("?"));
    }

    private static void awaitEnd(ProcessHandle process, long until) {
        var end = new ProcessEnd(process);
        while (end.isAhead()) {
            if (System.nanoTime() > until || !end.awaitBriefly()) {
                process.destroyForcibly();
                return;
            }
        }
    }
}
