package dev.envctl.kubernetes;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.readiness.Answer;
import dev.envctl.readiness.Deadline;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Asks the API server whether objects are ready and, where they are not because of their pods, what the pods say.
 *
 * <p>A question that could not be asked is answered "unknown", never "ready" and never "hopeless".
 */
public final class WorkloadReadiness {
    private static final Set<String> WITH_PODS = Set.of("Pod", "Deployment", "StatefulSet", "DaemonSet", "Job");
    private static final Duration QUESTION = Duration.ofSeconds(5);

    private final KubernetesApi api;
    private final InstantSource clock;
    private final PodEvidence evidence;

    public WorkloadReadiness(KubernetesApi api) {
        this(api, InstantSource.system());
    }

    WorkloadReadiness(KubernetesApi api, InstantSource clock) {
        this.api = api;
        this.clock = clock;
        this.evidence = new PodEvidence(api);
    }

    /** One question; takes at most about five seconds when the server does not answer. */
    public Answer<Map<String, Object>> ask(ObjectReference reference) {
        try {
            var deadline = Deadline.in(QUESTION);
            var object = api.get(reference, deadline);
            if (object.isEmpty()) {
                return Answer.notYet(reference + " does not exist yet");
            }
            var answer = ObjectReadiness.judge(object.get());
            if (answer instanceof Answer.Ready || !WITH_PODS.contains(reference.kind())) {
                return answer;
            }
            return withPods(object.get(), answer, deadline);
        } catch (EnvctlException e) {
            if (e.kind() == FailureKind.INTERRUPTED) {
                throw e;
            }
            return Answer.notYet("unknown: " + e.problem());
        }
    }

    /** Ready when all are; otherwise the reasons of all that are not, or the first hopeless one. */
    public Answer<List<ObjectReference>> askAll(List<ObjectReference> references) {
        var reasons = new ArrayList<String>();
        for (var reference : references) {
            var answer = ask(reference);
            if (answer instanceof Answer.Hopeless<Map<String, Object>> hopeless) {
                return Answer.hopeless(hopeless.failure());
            }
            if (answer instanceof Answer.NotYet<Map<String, Object>> notYet) {
                reasons.add(notYet.reason());
            }
        }
        return reasons.isEmpty() ? Answer.ready(List.copyOf(references)) : Answer.notYet(String.join("; ", reasons));
    }

    private Answer<Map<String, Object>> withPods(
            Map<String, Object> object, Answer<Map<String, Object>> answer, Deadline deadline) {
        var pods = pods(object, deadline);
        var reason = answer instanceof Answer.NotYet<Map<String, Object>> notYet ? notYet.reason() : "";
        for (var pod : pods) {
            var events = api.events(ObjectReference.of(pod), deadline);
            var verdict = PodDiagnosis.of(pod, events, clock.instant());
            if (verdict.isHopeless() || answer instanceof Answer.Hopeless) {
                return Answer.hopeless(failure(object, answer, verdict, evidence.of(pod, events)));
            }
            if (verdict.state() == PodVerdict.State.NOT_YET) {
                reason += ", " + verdict.reason();
            }
        }
        if (pods.isEmpty()) {
            return withoutPods(object, answer, reason);
        }
        return answer instanceof Answer.NotYet ? Answer.notYet(reason) : answer;
    }

    private static EnvctlException failure(
            Map<String, Object> object, Answer<Map<String, Object>> answer, PodVerdict verdict, List<String> details) {
        if (answer instanceof Answer.Hopeless<Map<String, Object>> hopeless) {
            var failure = hopeless.failure();
            return new EnvctlException(failure.kind(), failure.problem(), failure.remedy(), details, failure);
        }
        return new EnvctlException(
                verdict.kind(),
                ObjectReference.of(object) + " cannot become ready: "
                        + verdict.reason().replaceAll("\\.+$", "") + "." + lastWords(details),
                verdict.remedy(),
                details,
                null);
    }

    private static String lastWords(List<String> details) {
        return details.stream()
                .filter(line -> line.startsWith(PodEvidence.LOG))
                .reduce((first, second) -> second)
                .map(line -> " The last line in the " + line)
                .orElse("");
    }

    /** A controller that may not create pods says so in a condition. */
    private static Answer<Map<String, Object>> withoutPods(
            Map<String, Object> object, Answer<Map<String, Object>> answer, String reason) {
        var refused = Fields.of(object)
                .condition("ReplicaFailure")
                .filter(condition -> condition.text("status").equals("True"))
                .map(condition -> condition.text("message"));
        if (refused.isEmpty()) {
            return answer;
        }
        if (refused.get().contains("violates PodSecurity")) {
            return Answer.hopeless(new EnvctlException(
                    FailureKind.FAILED,
                    "%s may not create its pods: %s".formatted(ObjectReference.of(object), refused.get()),
                    "Make the pod template fit the pod security level of its namespace."));
        }
        return Answer.notYet(reason + ", no pods: " + refused.get());
    }

    /** The newest first: the old ones of a roll-out say nothing about the new state. */
    private List<Map<String, Object>> pods(Map<String, Object> object, Deadline deadline) {
        var reference = ObjectReference.of(object);
        if (reference.kind().equals("Pod")) {
            return List.of(object);
        }
        return selector(Fields.of(object))
                .map(selector -> api.list("v1", "Pod", reference.namespace(), selector, deadline))
                .orElse(List.of())
                .stream()
                .filter(pod -> !Fields.of(pod).has("metadata", "deletionTimestamp"))
                .sorted(Comparator.comparing(
                                (Map<String, Object> pod) -> Fields.of(pod).text("metadata", "creationTimestamp"))
                        .reversed())
                .limit(replicas(object))
                .toList();
    }

    private static long replicas(Map<String, Object> object) {
        var fields = Fields.of(object);
        return Math.max(
                1, Math.max(fields.number("spec", "replicas"), fields.number("status", "desiredNumberScheduled")));
    }

    /** Only {@code matchLabels}: envctl's own objects and nearly all others use nothing else. */
    private static Optional<String> selector(Fields object) {
        var labels = object.at("spec", "selector", "matchLabels").object();
        return labels.isEmpty()
                ? Optional.empty()
                : Optional.of(labels.entrySet().stream()
                        .map(label -> label.getKey() + "=" + label.getValue())
                        .collect(Collectors.joining(",")));
    }
}
