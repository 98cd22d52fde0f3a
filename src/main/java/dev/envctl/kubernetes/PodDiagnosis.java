package dev.envctl.kubernetes;

import dev.envctl.FailureKind;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Says in one line why a pod is not ready, and whether it can still become so.
 *
 * <p>A question of states only: the container statuses and conditions of Kubernetes 1.34 with containerd, and the
 * pod's events where a status does not tell the reason.
 */
final class PodDiagnosis {
    /** How long a pod may find no node before that counts as final. */
    private static final Duration UNSCHEDULABLE_GRACE = Duration.ofSeconds(10);

    private final Fields pod;
    private final List<Map<String, Object>> events;
    private final Instant now;

    private PodDiagnosis(Fields pod, List<Map<String, Object>> events, Instant now) {
        this.pod = pod;
        this.events = events;
        this.now = now;
    }

    /** @param events of this pod, oldest first; may be empty when they could not be read */
    static PodVerdict of(Map<String, Object> pod, List<Map<String, Object>> events, Instant now) {
        return new PodDiagnosis(Fields.of(pod), events, now).verdict();
    }

    private PodVerdict verdict() {
        if (pod.has("metadata", "deletionTimestamp")) {
            return PodVerdict.notYet(named("is being deleted"));
        }
        if (pod.conditionIsTrue("Ready") || pod.text("status", "phase").equals("Succeeded")) {
            return PodVerdict.ready(named("ready"));
        }
        return unscheduled()
                .or(() -> troubled(ContainerDiagnosis::hopeless))
                .or(this::evicted)
                .or(() -> troubled(ContainerDiagnosis::waiting))
                .orElseGet(() -> PodVerdict.notYet(named(stillComing())));
    }

    private Optional<PodVerdict> unscheduled() {
        var scheduled = pod.condition("PodScheduled")
                .filter(condition -> condition.text("status").equals("False"));
        if (scheduled.isEmpty()) {
            return Optional.empty();
        }
        var message = scheduled.get().text("message");
        var reason = named("unschedulable: " + message);
        var since = Duration.between(instant(scheduled.get().text("lastTransitionTime")), now);
        if (since.compareTo(UNSCHEDULABLE_GRACE) < 0 || passes(message)) {
            return Optional.of(PodVerdict.notYet(reason));
        }
        return Optional.of(PodVerdict.hopeless(FailureKind.FAILED, reason, makeSchedulable(message)));
    }

    private static String makeSchedulable(String message) {
        if (message.contains("Insufficient")) {
            return "Give the pod smaller requests, or the cluster more nodes with `cluster.workerNodes`.";
        }
        return message.contains("taint")
                ? "Correct the pod's tolerations; `kubectl describe nodes` shows the taints."
                : "Correct the pod's nodeSelector or affinity; `kubectl get nodes --show-labels` shows what there is.";
    }

    /** Nodes that are still starting and volumes that are still being made. */
    private static boolean passes(String message) {
        return message.contains("node.kubernetes.io/not-ready")
                || message.contains("no nodes available")
                || message.contains("unbound immediate PersistentVolumeClaims");
    }

    private Optional<PodVerdict> troubled(
            java.util.function.Function<ContainerDiagnosis, Optional<PodVerdict>> question) {
        return containers()
                .map(status -> question.apply(new ContainerDiagnosis(pod, status, events)))
                .flatMap(Optional::stream)
                .findFirst();
    }

    private Stream<Fields> containers() {
        return Stream.concat(
                pod.list("status", "initContainerStatuses").stream(), pod.list("status", "containerStatuses").stream());
    }

    private Optional<PodVerdict> evicted() {
        if (!pod.text("status", "phase").equals("Failed")) {
            return Optional.empty();
        }
        var reason = pod.text("status", "reason");
        var message = pod.text("status", "message");
        return Optional.of(PodVerdict.notYet(
                named("failed" + (reason.isEmpty() ? "" : ": " + reason) + (message.isEmpty() ? "" : ": " + message))));
    }

    /** Nothing is known to be wrong: the last warning, or how far it is. */
    private String stillComing() {
        var warning = lastWarning(events);
        if (warning.isPresent()) {
            return warning.get();
        }
        var phase = pod.text("status", "phase");
        return containers().anyMatch(status -> status.isTrue("started"))
                ? "running, not ready yet"
                : "starting (phase " + (phase.isEmpty() ? "unknown" : phase) + ")";
    }

    static Optional<String> lastWarning(List<Map<String, Object>> events) {
        return events.stream()
                .filter(event -> Fields.of(event).text("type").equals("Warning"))
                .reduce((first, second) -> second)
                .map(event -> Fields.of(event).text("reason") + ": "
                        + Fields.of(event).text("message").strip());
    }

    private String named(String state) {
        return "pod/" + pod.text("metadata", "name") + " " + state;
    }

    private Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException e) {
            return now;
        }
    }
}
