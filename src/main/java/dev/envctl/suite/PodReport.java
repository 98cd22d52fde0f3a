package dev.envctl.suite;

import dev.envctl.kubernetes.PodRun;
import dev.envctl.kubernetes.PodRun.End;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import org.jspecify.annotations.Nullable;

/**
 * One pod of a suite, as it was last seen.
 *
 * @param phase as Kubernetes says it; {@code Unknown} for one that is gone
 * @param exitCode null where its container was not seen to end
 * @param reason of the container's end, such as {@code OOMKilled}, or why it did not start; may be empty
 * @param started ISO 8601, as {@code finished}; empty where nobody says
 * @param seconds between them, by the node's clock, which tells whole seconds; null where one is missing
 */
public record PodReport(
        String name,
        String node,
        String phase,
        @Nullable Integer exitCode,
        String reason,
        boolean outOfMemory,
        long restarts,
        String started,
        String finished,
        @Nullable Double seconds,
        Memory memory) {
    /**
     * In bytes.
     *
     * @param limit of the suite's container
     * @param peak the most that the whole pod took, files in memory included; null where nobody could tell
     */
    public record Memory(long limit, @Nullable Long peak) {}

    static PodReport of(PodRun pod, boolean gone, Memory memory) {
        var end = pod.end().orElse(null);
        return new PodReport(
                pod.name(),
                pod.node(),
                gone ? "Unknown" : pod.phase(),
                end == null ? null : end.exitCode(),
                end != null ? end.reason() : pod.taken().isEmpty() ? pod.trouble() : pod.taken(),
                end != null && end.outOfMemory(),
                pod.restarts(),
                end == null ? "" : end.started(),
                end == null ? "" : end.finished(),
                end == null ? null : seconds(end),
                memory);
    }

    private static @Nullable Double seconds(End end) {
        try {
            return Duration.between(Instant.parse(end.started()), Instant.parse(end.finished()))
                            .toMillis()
                    / 1000.0;
        } catch (DateTimeParseException e) {
            return null;
        }
    }
}
