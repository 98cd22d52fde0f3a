package dev.envctl.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A process of this machine that is not confused with a later one of the same number.
 *
 * @param started the kernel's clock ticks from its boot to the start of the process (proc(5)): wall clocks jump, this does
 *     not; empty where the system has no {@code /proc}
 */
public record ProcessIdentity(long pid, String started) {
    private static final int STATE = 0;
    private static final int START_TIME = 19;

    /** Empty where no such process runs. */
    public static Optional<ProcessIdentity> of(long pid) {
        return started(pid).map(started -> new ProcessIdentity(pid, started));
    }

    public boolean alive() {
        return started(pid).filter(started::equals).isPresent();
    }

    /** One that has ended but whose parent has not asked for its exit code does not run any more. */
    private static Optional<String> started(long pid) {
        try {
            var line = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            // The name before stands in parentheses and may contain some itself.
            var fields = line.substring(line.lastIndexOf(')') + 2).split(" ", -1);
            return "ZX".contains(fields[STATE]) ? Optional.empty() : Optional.of(fields[START_TIME]);
        } catch (IOException e) {
            return Files.isDirectory(Path.of("/proc/self"))
                    ? Optional.empty()
                    : ProcessHandle.of(pid).filter(ProcessHandle::isAlive).map(handle -> "");
        }
    }
}
