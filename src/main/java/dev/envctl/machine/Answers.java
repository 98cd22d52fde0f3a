package dev.envctl.machine;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.process.Command;
import dev.envctl.process.Finished;
import dev.envctl.process.Programs;
import java.util.Optional;

/** Asks programs what they are, with little patience. */
final class Answers {
    private Answers() {}

    /** What a program says of itself; empty where it cannot be started or takes longer than a check may. */
    static Optional<Finished> of(Programs programs, Command command) {
        try {
            return Optional.of(programs.run(command.timeout(Examination.LIMIT)));
        } catch (EnvctlException e) {
            if (e.kind() == FailureKind.INTERRUPTED) {
                throw e;
            }
            return Optional.empty();
        }
    }

    /** The first line of what it said, on whichever stream. */
    static String firstLine(Finished finished) {
        return (finished.stdout().isBlank() ? finished.stderr() : finished.stdout())
                .strip()
                .lines()
                .findFirst()
                .orElse("");
    }
}
