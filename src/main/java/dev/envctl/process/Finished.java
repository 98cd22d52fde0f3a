package dev.envctl.process;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import java.time.Duration;
import java.util.List;

/**
 * A program that has ended.
 *
 * @param exitCode its exit status; 128 + signal where a signal ended it
 * @param stdout everything it wrote to standard output, UTF-8
 * @param stderr everything it wrote to standard error, UTF-8
 */
public record Finished(Command command, int exitCode, String stdout, String stderr, Duration took) {
    private static final int TAIL = 20;

    public boolean succeeded() {
        return exitCode == 0;
    }

    /** Standard output, or a failure that shows the command ready to paste and the end of its output. */
    public String orThrow(String remedy) {
        if (succeeded()) {
            return stdout;
        }
        throw failure(remedy);
    }

    public EnvctlException failure(String remedy) {
        var problem = "`%s` ended with exit code %d.".formatted(command.paste(), exitCode);
        return new EnvctlException(FailureKind.FAILED, problem, remedy, tail(), null);
    }

    /** The last lines of standard error, or of standard output where there are none. */
    public List<String> tail() {
        var lines = (stderr.isBlank() ? stdout : stderr).strip().lines().toList();
        return lines.subList(Math.max(0, lines.size() - TAIL), lines.size());
    }
}
