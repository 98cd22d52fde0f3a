package dev.envctl.junit;

import dev.envctl.EnvctlException;
import dev.envctl.process.Command;
import dev.envctl.process.OwnProcess;
import dev.envctl.process.SystemPrograms;
import dev.envctl.worker.LeaseException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.logging.Logger;

/** Starts an environment for this process, by the program {@code envctl}. */
final class StartEnvironment {
    /** Longer than a creation may take by itself. */
    private static final Duration LIMIT = Duration.ofMinutes(30);

    private static final String PROGRAM = "envctl";

    private final String command;
    private final Path folder;

    /**
     * Does nothing yet.
     *
     * @param command the program; empty to look for it
     * @param folder where to begin to look
     */
    StartEnvironment(String command, Path folder) {
        this.command = command;
        this.folder = folder.toAbsolutePath().normalize();
    }

    /** Many processes may do this at the same moment: one makes it, it goes when the last of them is gone. */
    void run(String environment) {
        var log = Logger.getLogger(StartEnvironment.class.getName());
        var up = Command.of(
                        program(),
                        "up",
                        "--environment",
                        environment,
                        "--ephemeral",
                        "--owner-pid",
                        Long.toString(OwnProcess.pid()),
                        "--progress",
                        "plain")
                .in(folder)
                .timeout(LIMIT)
                .inOwnSession();
        try {
            new SystemPrograms().run(up, log::info).orThrow("Run the command by hand.");
        } catch (EnvctlException e) {
            throw new LeaseException(
                    "Environment %s could not be started. %s %s%n  %s"
                            .formatted(environment, e.problem(), e.remedy(), String.join("\n  ", e.details())),
                    e);
        }
    }

    private String program() {
        if (!command.isBlank()) {
            return command;
        }
        for (var above = folder; above != null; above = above.getParent()) {
            var file = above.resolve(PROGRAM);
            if (Files.isRegularFile(file) && Files.isExecutable(file)) {
                return file.toString();
            }
        }
        return new SystemPrograms()
                .find(PROGRAM)
                .map(Path::toString)
                .orElseThrow(() -> new LeaseException(
                        "There is no program `envctl` in %s or above it, nor on the search path: set envctl.command to its path."
                                .formatted(folder)));
    }
}
