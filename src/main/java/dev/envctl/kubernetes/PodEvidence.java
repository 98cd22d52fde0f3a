package dev.envctl.kubernetes;

import dev.envctl.EnvctlException;
import dev.envctl.readiness.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Collects what is shown below a failure: states, the last events and the last log lines of a pod. */
public final class PodEvidence {
    /** How a log line starts. */
    static final String LOG = "log ";

    private static final int EVENTS = 10;
    private static final int LOG_LINES = 20;
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final KubernetesApi api;

    public PodEvidence(KubernetesApi api) {
        this.api = api;
    }

    /** Never fails: what cannot be read is left out, with the reason in its place. */
    public List<String> of(Map<String, Object> pod, List<Map<String, Object>> events) {
        var lines = new ArrayList<String>();
        var fields = Fields.of(pod);
        lines.add("pod/%s: phase %s".formatted(fields.text("metadata", "name"), fields.text("status", "phase")));
        for (var status : containers(fields)) {
            lines.add("container %s: %s, %d restarts%s, image %s"
                    .formatted(
                            status.text("name"),
                            state(status),
                            status.number("restartCount"),
                            lastEnd(status),
                            status.text("image")));
        }
        events.stream()
                .skip(Math.max(0, events.size() - EVENTS))
                .forEach(event -> lines.add("event: " + Events.line(event)));
        var deadline = Deadline.in(LIMIT);
        for (var status : containers(fields)) {
            var name = status.text("name");
            var before = log(pod, name, true, deadline);
            var current = log(pod, name, false, deadline);
            // A container that waits for its restart has only one log, and the server gives it twice.
            if (!before.equals(current)) {
                before.forEach(line -> lines.add("log of %s before its restart: %s".formatted(name, line)));
            }
            current.forEach(line -> lines.add("log of %s: %s".formatted(name, line)));
        }
        return lines;
    }

    private List<String> log(Map<String, Object> pod, String container, boolean previous, Deadline deadline) {
        try {
            return api.logs(ObjectReference.of(pod), container, LOG_LINES, previous, deadline).stream()
                    .filter(line -> !line.isBlank())
                    .toList();
        } catch (EnvctlException e) {
            return List.of("(could not be read: " + e.problem() + ")");
        }
    }

    private static List<Fields> containers(Fields pod) {
        return Stream.concat(
                        pod.list("status", "initContainerStatuses").stream(),
                        pod.list("status", "containerStatuses").stream())
                .toList();
    }

    /** A container that waits for its restart no longer says in its state why it ended. */
    private static String lastEnd(Fields status) {
        return status.has("lastState", "terminated")
                ? ", last end %s (exit code %d)"
                        .formatted(
                                status.text("lastState", "terminated", "reason"),
                                status.number("lastState", "terminated", "exitCode"))
                : "";
    }

    private static String state(Fields status) {
        for (var state : List.of("waiting", "terminated")) {
            if (status.has("state", state)) {
                var code = status.has("state", state, "exitCode")
                        ? ", exit code " + status.number("state", state, "exitCode")
                        : "";
                return "%s (%s%s)".formatted(state, status.text("state", state, "reason"), code);
            }
        }
        return status.has("state", "running") ? "running" : "unknown";
    }
}
