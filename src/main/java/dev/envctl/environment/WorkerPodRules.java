package dev.envctl.environment;

import dev.envctl.cluster.Labels;
import java.util.List;
import java.util.Map;

/**
 * What the pods of workers may not be, beyond the Pod Security Standard of their namespaces: of a priority of the system's,
 * because these displace the services and other workers' pods. One rule for the whole cluster; a quota in each namespace
 * would do the same, and cost two more writes for each lease.
 */
final class WorkerPodRules {
    private static final String GROUP = "admissionregistration.k8s.io/v1";
    private static final String NAME = "worker-pods.envctl.dev";

    private WorkerPodRules() {}

    /**
     * For the namespaces of one environment, also those that are made after another primary has taken over.
     *
     * @param labels of the rules themselves
     * @param id of the environment
     */
    static List<Map<String, Object>> objects(Map<String, String> labels, String id) {
        var metadata = Map.of("name", NAME, "labels", labels);
        var pods = Map.of(
                "apiGroups", List.of(""),
                "apiVersions", List.of("v1"),
                "operations", List.of("CREATE"),
                "resources", List.of("pods"));
        var rule = Map.of(
                "expression",
                "!has(object.spec.priorityClassName) || !object.spec.priorityClassName.startsWith('system-')",
                "message",
                "a worker's pod cannot have a priority of the system's",
                "reason",
                "Forbidden");
        var policy = Map.of(
                "failurePolicy", "Fail",
                "matchConstraints", Map.of("resourceRules", List.of(pods)),
                "validations", List.of(rule));
        var binding = Map.of(
                "policyName",
                NAME,
                "validationActions",
                List.of("Deny"),
                "matchResources",
                Map.of("namespaceSelector", Map.of("matchLabels", Map.of(Labels.ID, id))));
        return List.of(
                Map.of("apiVersion", GROUP, "kind", "ValidatingAdmissionPolicy", "metadata", metadata, "spec", policy),
                Map.of(
                        "apiVersion",
                        GROUP,
                        "kind",
                        "ValidatingAdmissionPolicyBinding",
                        "metadata",
                        metadata,
                        "spec",
                        binding));
    }
}
