package dev.envctl.cli;

import dev.envctl.suite.PodReport;
import dev.envctl.suite.SuiteResult;
import java.util.List;
import java.util.Locale;

/** The results of suites for people: a line for each pod, and below what is to be said of each suite. */
final class SuiteTable {
    private static final long MEBIBYTE = 1L << 20;

    private SuiteTable() {}

    static String text(List<SuiteResult> results) {
        var table =
                new Table().row("suite", "outcome", "exit", "tests", "time", "peak memory", "restarts", "pod", "phase");
        var reasons = new StringBuilder();
        for (var result : results) {
            var exit = result.exitCode() == null ? "-" : result.exitCode().toString();
            var time = String.format(Locale.ROOT, "%.1f s", result.seconds());
            if (result.pods().isEmpty()) {
                table.row(result.name(), result.outcome().word(), exit, tests(result), time, "-", "-", "-", "-");
            }
            for (var pod : result.pods()) {
                table.row(
                        result.name(),
                        result.outcome().word(),
                        exit,
                        tests(result),
                        time,
                        memory(pod),
                        Long.toString(pod.restarts()),
                        pod.name(),
                        phase(pod));
            }
            if (!result.reason().isEmpty()) {
                reasons.append("%s: %s%n".formatted(result.name(), result.reason()));
            }
            if (!result.log().isEmpty()) {
                reasons.append("%s: log %s%n".formatted(result.name(), result.log()));
            }
        }
        return table.text() + reasons;
    }

    private static String tests(SuiteResult result) {
        var tests = result.tests();
        if (tests == null) {
            return "-";
        }
        return "%d, %d failed, %d skipped".formatted(tests.tests(), tests.bad(), tests.skipped());
    }

    private static String memory(PodReport pod) {
        var peak = pod.memory().peak();
        return "%s of %d MiB"
                .formatted(
                        peak == null ? "?" : Long.toString(peak / MEBIBYTE),
                        pod.memory().limit() / MEBIBYTE);
    }

    private static String phase(PodReport pod) {
        return pod.outOfMemory() ? pod.phase() + ", OOM killed" : pod.phase();
    }
}
