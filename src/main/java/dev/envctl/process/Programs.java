package dev.envctl.process;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** Runs programs. {@link SystemPrograms} is the real one; tests script a fake. */
public interface Programs {
    /**
     * Runs a program to its end.
     *
     * @throws dev.envctl.EnvctlException PREREQUISITE if it cannot be started, TIMEOUT if its deadline passes,
     *     INTERRUPTED if the calling thread is interrupted; its whole process tree has ended by then
     */
    default Finished run(Command command) {
        return run(command, line -> {});
    }

    /** Like {@link #run(Command)}; {@code onLine} sees every line of both streams as it is written. */
    Finished run(Command command, Consumer<String> onLine);

    /**
     * Starts a program that runs beside us; both its streams are appended to a file, which only this user can read.
     * The command's time-out is not used.
     *
     * @throws dev.envctl.EnvctlException PREREQUISITE if it cannot be started
     */
    Background start(Command command, Path output);

    /** As {@link #start}, but for a program that is to outlive us: see {@link Background#leave}. */
    default Background startDetached(Command command, Path output) {
        return start(command, output);
    }

    /** Where a program is found on the search path. */
    Optional<Path> find(String program);
}
