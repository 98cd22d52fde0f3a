package dev.envctl.kubernetes;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.readiness.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Whether an object is ready, judged by nothing but what it says itself. */
public final class ObjectReadiness {
    private ObjectReadiness() {}

    /** The reason of an answer that is not ready starts with the object's name. */
    public static Answer<Map<String, Object>> judge(Map<String, Object> object) {
        var fields = Fields.of(object);
        var reference = ObjectReference.of(object);
        if (reference.kind().equals("Job") && fields.conditionIsTrue("Failed")) {
            return Answer.hopeless(new EnvctlException(
                    FailureKind.FAILED,
                    "%s failed: %s".formatted(reference, said(fields.condition("Failed"))),
                    "Look at the logs of its pods, mend the job and run `envctl up` again."));
        }
        var missing = missing(reference.kind(), fields);
        return missing.isEmpty() ? Answer.ready(object) : Answer.notYet(reference + ": " + missing.get());
    }

    private static Optional<String> missing(String kind, Fields object) {
        return switch (kind) {
            case "Node" -> needs(object, "Ready");
            case "Pod" -> podReady(object);
            case "Deployment" -> replicas(object, "availableReplicas");
            case "StatefulSet" -> replicas(object, "readyReplicas");
            case "DaemonSet" -> daemons(object);
            case "Job" -> needs(object, "Complete");
            case "CustomResourceDefinition" -> needs(object, "Established");
            case "APIService" -> needs(object, "Available");
            case "PersistentVolumeClaim" -> claim(object);
            default -> custom(object);
        };
    }

    private static Optional<String> needs(Fields object, String condition) {
        return object.conditionIsTrue(condition)
                ? Optional.empty()
                : Optional.of("not " + condition + because(object.condition(condition)));
    }

    private static Optional<String> podReady(Fields pod) {
        return pod.text("status", "phase").equals("Succeeded") ? Optional.empty() : needs(pod, "Ready");
    }

    private static Optional<String> replicas(Fields object, String counted) {
        if (stale(object)) {
            return Optional.of("its controller has not seen the last change yet");
        }
        var wanted = object.has("spec", "replicas") ? object.number("spec", "replicas") : 1;
        var updated = object.number("status", "updatedReplicas");
        var serving = object.number("status", counted);
        var all = object.number("status", "replicas");
        var states = new ArrayList<String>();
        if (serving < wanted) {
            states.add("%d of %d replicas available".formatted(serving, wanted));
        }
        // A StatefulSet updated on delete never counts its pods as updated.
        if (updated < wanted && !object.text("spec", "updateStrategy", "type").equals("OnDelete")) {
            states.add("%d of %d replicas updated".formatted(updated, wanted));
        }
        if (all > wanted) {
            states.add("%d old replicas still there".formatted(all - wanted));
        }
        return joined(states);
    }

    private static Optional<String> daemons(Fields object) {
        if (stale(object) || !object.has("status", "desiredNumberScheduled")) {
            return Optional.of("its controller has not seen the last change yet");
        }
        var wanted = object.number("status", "desiredNumberScheduled");
        var available = object.number("status", "numberAvailable");
        var updated = object.number("status", "updatedNumberScheduled");
        var states = new ArrayList<String>();
        if (available < wanted) {
            states.add("available on %d of %d nodes".formatted(available, wanted));
        }
        if (updated < wanted && !object.text("spec", "updateStrategy", "type").equals("OnDelete")) {
            states.add("updated on %d of %d nodes".formatted(updated, wanted));
        }
        return joined(states);
    }

    private static boolean stale(Fields object) {
        return object.number("status", "observedGeneration") < object.number("metadata", "generation");
    }

    private static Optional<String> claim(Fields claim) {
        var phase = claim.text("status", "phase");
        return phase.equals("Bound")
                ? Optional.empty()
                : Optional.of("not bound (phase " + (phase.isEmpty() ? "unknown" : phase) + ")");
    }

    /** Kinds we know nothing about are ready once they exist, unless they say of themselves that they are not. */
    private static Optional<String> custom(Fields object) {
        for (var type : List.of("Ready", "Available")) {
            var condition = object.condition(type);
            if (condition.isPresent() && !condition.get().text("status").equals("True")) {
                return Optional.of("not " + type + because(condition));
            }
        }
        return Optional.empty();
    }

    private static Optional<String> joined(List<String> states) {
        return states.isEmpty() ? Optional.empty() : Optional.of(String.join(", ", states));
    }

    private static String because(Optional<Fields> condition) {
        var said = said(condition);
        return said.isEmpty() ? "" : ": " + said;
    }

    private static String said(Optional<Fields> condition) {
        return condition
                .map(found -> found.text("message").isEmpty() ? found.text("reason") : found.text("message"))
                .orElse("");
    }
}
