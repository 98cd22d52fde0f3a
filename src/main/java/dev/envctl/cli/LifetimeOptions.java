package dev.envctl.cli;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.primary.LifetimeLimits;
import dev.envctl.process.KnownProcess;
import dev.envctl.process.OwnProcess;
import dev.envctl.spec.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What ends an environment besides {@code down}. Not part of what it is made from, so it may differ when one attaches. */
final class LifetimeOptions {
    @Option(
            names = "--ttl",
            paramLabel = "DURATION",
            description =
                    "Remove the environment after so long, such as 2h. On one that runs: at least so long from now.")
    private String ttl = "";

    @Option(
            names = "--idle",
            paramLabel = "DURATION",
            description = "Remove the environment when nobody has used it for so long.")
    private String idle = "";

    @Option(
            names = "--owner-pid",
            paramLabel = "PID",
            description = "Remove the environment when this process is gone; of several when the last is.")
    private List<String> owners = new ArrayList<>();

    @Option(
            names = "--ephemeral",
            description = "Remove everything soon also when the primary and its owner are both killed.")
    private boolean ephemeral;

    boolean ephemeral() {
        return ephemeral;
    }

    /** @throws EnvctlException USAGE */
    LifetimeLimits limits() {
        return new LifetimeLimits(
                duration("--ttl", ttl),
                duration("--idle", idle),
                owners.stream().map(LifetimeOptions::owner).distinct().toList(),
                ephemeral);
    }

    private static @Nullable Duration duration(String option, String text) {
        try {
            return text.isEmpty() ? null : Durations.parse(text);
        } catch (IllegalArgumentException e) {
            throw new EnvctlException(
                    FailureKind.USAGE,
                    "%s: %s".formatted(option, e.getMessage()),
                    "Write it such as `%s 30m`.".formatted(option),
                    e);
        }
    }

    /** A pid, or as a primary is given it: with when the process was started. */
    private static KnownProcess owner(String text) {
        var known = KnownProcess.parse(text);
        if (known.isPresent()) {
            return known.get();
        }
        if (!text.matches("[1-9][0-9]{0,9}")) {
            throw refused(text, "is not a process id");
        }
        var pid = Long.parseLong(text);
        if (pid == OwnProcess.pid()) {
            throw refused(text, "is this command itself, which ends at once");
        }
        return KnownProcess.of(pid).orElseThrow(() -> refused(text, "is no process that runs"));
    }

    private static EnvctlException refused(String text, String why) {
        return new EnvctlException(
                FailureKind.USAGE,
                "--owner-pid: %s %s.".formatted(text, why),
                "Give the id of the process that the environment is for: in a shell script `--owner-pid $$`.");
    }
}
