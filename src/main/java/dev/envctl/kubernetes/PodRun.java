package dev.envctl.kubernetes;

import dev.envctl.readiness.Deadline;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How far a pod is whose one container does the work and ends.
 *
 * @param uid another one is another pod
 * @param node where it was placed; empty where nowhere yet
 * @param phase as Kubernetes says it, such as {@code Running}
 * @param end of the container that does the work; empty where it has not ended
 * @param taken why this pod is not left to its end, such as {@code evicted: …}; empty where it is
 * @param expired whether Kubernetes has ended it because it took too long
 * @param trouble why it has not started yet; empty where it has
 * @param hopeless whether it never will
 * @param remedy what to do where it never will; may be empty
 * @param companion how another of its containers has ended, or why it does not start; empty where all do
 */
public record PodRun(
        String name,
        String uid,
        String node,
        String phase,
        Optional<End> end,
        long restarts,
        String taken,
        boolean expired,
        String trouble,
        boolean hopeless,
        String remedy,
        String companion) {
    private static final String CONTAINERS = "containerStatuses";

    /**
     * How a container ended.
     *
     * @param reason as the runtime says it, such as {@code Completed}, {@code Error} or {@code OOMKilled}
     * @param started ISO 8601, as {@code finished}; empty where the runtime does not say
     */
    public record End(int exitCode, String reason, String message, String started, String finished) {
        /** Whether it was killed at its limit of memory. */
        public boolean outOfMemory() {
            return reason.equals("OOMKilled") || message.contains("OOM-killed");
        }
    }

    /**
     * The pods that carry a label.
     *
     * @param container the one that does the work
     */
    public static List<PodRun> list(
            KubernetesApi api, String namespace, String selector, String container, Deadline deadline) {
        return api.list("v1", "Pod", namespace, selector, deadline).stream()
                .map(pod -> of(api, pod, container, deadline))
                .toList();
    }

    /** The last warning about what should make pods: why there are none. Empty where nobody has warned. */
    public static Optional<String> whyNone(KubernetesApi api, ObjectReference owner, Deadline deadline) {
        return PodDiagnosis.lastWarning(api.events(owner, deadline));
    }

    private static PodRun of(KubernetesApi api, Map<String, Object> object, String container, Deadline deadline) {
        var pod = Fields.of(object);
        var status = status(pod, container).findFirst().orElse(Fields.of(null));
        var end = Optional.of(status.at("state", "terminated")).filter(state -> state.has("exitCode"));
        var begun = end.isPresent() || status.has("state", "running");
        var verdict = begun
                ? PodVerdict.ready("")
                : PodDiagnosis.of(object, api.events(ObjectReference.of(object), deadline), Instant.now());
        var expired = pod.text("status", "reason").equals("DeadlineExceeded");
        return new PodRun(
                pod.text("metadata", "name"),
                pod.text("metadata", "uid"),
                pod.text("spec", "nodeName"),
                pod.text("status", "phase"),
                end.map(PodRun::end),
                status.number("restartCount"),
                expired ? "" : taken(pod),
                expired,
                verdict.reason(),
                verdict.isHopeless(),
                verdict.remedy(),
                companion(pod, container));
    }

    private static End end(Fields state) {
        return new End(
                (int) state.number("exitCode"),
                state.text("reason"),
                state.text("message"),
                state.text("startedAt"),
                state.text("finishedAt"));
    }

    private static Stream<Fields> status(Fields pod, String container) {
        return pod.list("status", CONTAINERS).stream()
                .filter(one -> one.text("name").equals(container));
    }

    /** Deleted, evicted, displaced, or of a node that is gone: how its container ends then says nothing of its work. */
    private static String taken(Fields pod) {
        var reason = pod.text("status", "reason");
        var why = pod.condition("DisruptionTarget")
                .filter(condition -> condition.text("status").equals("True"))
                .map(condition -> condition.text("message"))
                .orElse(pod.text("status", "message"));
        if (!reason.isEmpty()) {
            return "%s: %s".formatted(reason, why).replaceAll(": $", "");
        }
        if (pod.has("metadata", "deletionTimestamp")) {
            return why.isEmpty() ? "deleted by somebody" : "deleted: " + why;
        }
        return "";
    }

    private static String companion(Fields pod, String container) {
        return pod.list("status", CONTAINERS).stream()
                .filter(one -> !one.text("name").equals(container))
                .filter(one -> !one.has("state", "running"))
                .map(one -> Stream.of("waiting", "terminated")
                        .map(state -> one.at("state", state))
                        .filter(state -> state.has("reason"))
                        .map(state -> "%s %s"
                                .formatted(state.text("reason"), state.text("message"))
                                .strip())
                        .findFirst()
                        .orElse("not started"))
                .findFirst()
                .orElse("");
    }
}
