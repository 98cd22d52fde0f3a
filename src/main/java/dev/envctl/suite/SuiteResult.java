package dev.envctl.suite;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What became of one suite.
 *
 * @param reason why it is not green, or what is odd about it although it is; may be empty
 * @param lease the number of the lease that it had; null where it got none
 * @param namespace of the lease; empty where it got none
 * @param started ISO 8601, when its Job was made; empty where it was not
 * @param seconds from then to the end of its container
 * @param exitCode null where it was not seen to end
 * @param log the file with all that it wrote
 * @param files absolute paths of what was fetched of its reports
 * @param tests what its JUnit files say; null where it has none
 * @param pods all that were seen; more than one only where one was lost
 */
public record SuiteResult(
        String name,
        Outcome outcome,
        String reason,
        boolean exclusive,
        @Nullable Integer lease,
        String namespace,
        String started,
        double seconds,
        @Nullable Integer exitCode,
        String log,
        List<String> files,
        @Nullable TestCounts tests,
        List<PodReport> pods) {
    /** Written out, because javac 17 drops the annotations of a compact one's parameters. */
    public SuiteResult(
            String name,
            Outcome outcome,
            String reason,
            boolean exclusive,
            @Nullable Integer lease,
            String namespace,
            String started,
            double seconds,
            @Nullable Integer exitCode,
            String log,
            List<String> files,
            @Nullable TestCounts tests,
            List<PodReport> pods) {
        this.name = name;
        this.outcome = outcome;
        this.reason = reason;
        this.exclusive = exclusive;
        this.lease = lease;
        this.namespace = namespace;
        this.started = started;
        this.seconds = seconds;
        this.exitCode = exitCode;
        this.log = log;
        this.files = List.copyOf(files);
        this.tests = tests;
        this.pods = List.copyOf(pods);
    }
}
