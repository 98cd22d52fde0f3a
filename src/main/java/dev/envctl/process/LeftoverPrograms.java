package dev.envctl.process;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Programs that an earlier, killed process of ours started and that still run. */
public final class LeftoverPrograms {
    private static final Duration GRACE = Duration.ofSeconds(2);

    private LeftoverPrograms() {}

    /**
     * Ends every process of this user that runs one of {@code programs} and has an argument containing {@code marker}.
     *
     * @param programs names without folders, such as {@code kind}
     * @param marker something unique, such as a cluster's name
     * @return the command lines that were ended
     */
    public static List<String> end(Set<String> programs, String marker) {
        var found = find(programs, marker);
        var described = found.stream().map(LeftoverPrograms::describe).toList();
        found.forEach(ProcessHandle::destroy);
        found.forEach(LeftoverPrograms::awaitEnd);
        return described;
    }

    /**
     * The same, for programs that have nothing to put in order any more: does not ask them first, nor waits for whoever
     * has to take note of their end.
     */
    public static void kill(Set<String> programs, String marker) {
        find(programs, marker).forEach(ProcessHandle::destroyForcibly);
    }

    private static List<ProcessHandle> find(Set<String> programs, String marker) {
        var self = ProcessHandle.current();
        return ProcessHandle.allProcesses()
                .filter(process -> process.pid() != self.pid())
                .filter(process -> runs(process, programs, marker))
                .toList();
    }

    private static boolean runs(ProcessHandle process, Set<String> programs, String marker) {
        var program = process.info().command().map(Path::of).map(Path::getFileName);
        return program.isPresent()
                && programs.contains(program.get().toString())
                && Arrays.stream(process.info().arguments().orElse(new String[0]))
                        .anyMatch(argument -> argument.contains(marker));
    }

    private static String describe(ProcessHandle process) {
        return "process %d (%s)"
                .formatted(process.pid(), process.info().command().orElse("?"));
    }

    private static void awaitEnd(ProcessHandle process) {
        try {
            process.onExit().get(GRACE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        } catch (ExecutionException | TimeoutException e) {
            process.destroyForcibly();
        }
    }
}
