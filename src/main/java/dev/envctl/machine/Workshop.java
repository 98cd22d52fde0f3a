package dev.envctl.machine;

import dev.envctl.Progress;
import dev.envctl.process.Command;
import dev.envctl.process.Finished;
import dev.envctl.process.Programs;
import dev.envctl.readiness.Deadline;
import dev.envctl.readiness.Wait;
import java.util.function.Consumer;

/**
 * What a mend works with.
 *
 * @param log sees each command and every line of its output
 */
record Workshop(
        Machine machine, Programs programs, Wait waits, Deadline deadline, Progress progress, Consumer<String> log) {
    /** Runs a program until it ends or the deadline passes. */
    Finished run(Command command) {
        log.accept("$ " + command.paste());
        return programs.run(command.timeout(deadline.remainingForCall()), log);
    }
}
