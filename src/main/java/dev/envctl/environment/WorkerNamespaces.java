package dev.envctl.environment;

import dev.envctl.kubernetes.Kubeconfig;
import dev.envctl.kubernetes.KubernetesApi;
import dev.envctl.kubernetes.ObjectReference;
import dev.envctl.readiness.Answer;
import dev.envctl.readiness.Deadline;
import dev.envctl.spec.WorkersSpec.Access;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A namespace for each worker, and a kubeconfig that may do everything in it and, unless asked for, nothing outside. */
final class WorkerNamespaces {
    private static final Duration EVERY = Duration.ofMillis(50);
    private static final String ACCOUNT = "worker";
    private static final String TOKEN = "worker-token";
    private static final String RBAC = "rbac.authorization.k8s.io";

    private final Making making;
    private final KubernetesApi api;

    WorkerNamespaces(Making making, KubernetesApi api) {
        this.making = making;
        this.api = api;
    }

    static String namespace(int worker) {
        return "worker-" + worker;
    }

    /** Makes the namespace and returns the text of the worker's kubeconfig. */
    String issue(int worker, Kubeconfig admin, Deadline deadline) {
        var namespace = namespace(worker);
        api.apply(
                object("v1", "Namespace", Map.of("name", namespace, "labels", namespaceLabels()), Map.of()), deadline);
        if (!everywhere()) {
            api.apply(noSystemPods(namespace), deadline);
        }
        api.apply(object("v1", "ServiceAccount", in(namespace, ACCOUNT), Map.of()), deadline);
        api.apply(binding(namespace), deadline);
        var token = Map.of(
                "name",
                TOKEN,
                "namespace",
                namespace,
                "labels",
                making.labels(),
                "annotations",
                Map.of("kubernetes.io/service-account.name", ACCOUNT));
        api.apply(object("v1", "Secret", token, Map.of("type", "kubernetes.io/service-account-token")), deadline);
        return kubeconfig(namespace, token(namespace, deadline), admin);
    }

    private boolean everywhere() {
        return making.spec().workers().access() == Access.CLUSTER_ADMIN;
    }

    /** A pod that sees the node's disk, network or processes is as good as the administrator's kubeconfig. */
    private Map<String, String> namespaceLabels() {
        var labels = new LinkedHashMap<>(making.labels());
        if (!everywhere()) {
            labels.put("pod-security.kubernetes.io/enforce", "baseline");
        }
        return labels;
    }

    /** Pods of these priorities would displace the services and other workers' pods. */
    private Map<String, Object> noSystemPods(String namespace) {
        var ofTheSystem = Map.<String, Object>of(
                "scopeName",
                "PriorityClass",
                "operator",
                "In",
                "values",
                List.of("system-node-critical", "system-cluster-critical"));
        var spec = Map.<String, Object>of(
                "hard", Map.of("pods", "0"), "scopeSelector", Map.of("matchExpressions", List.of(ofTheSystem)));
        return object("v1", "ResourceQuota", in(namespace, "system-pods"), Map.of("spec", spec));
    }

    private Map<String, Object> binding(String namespace) {
        var everywhere = everywhere();
        var role = Map.<String, Object>of(
                "apiGroup", RBAC, "kind", "ClusterRole", "name", everywhere ? "cluster-admin" : "admin");
        var subjects =
                List.of(Map.<String, Object>of("kind", "ServiceAccount", "name", ACCOUNT, "namespace", namespace));
        var rules = Map.<String, Object>of("roleRef", role, "subjects", subjects);
        return everywhere
                ? object(
                        RBAC + "/v1",
                        "ClusterRoleBinding",
                        Map.of("name", "envctl-" + namespace, "labels", making.labels()),
                        rules)
                : object(RBAC + "/v1", "RoleBinding", in(namespace, ACCOUNT), rules);
    }

    /** Filled in by the token controller a moment after the secret is made. */
    private String token(String namespace, Deadline deadline) {
        var secret = new ObjectReference("v1", "Secret", namespace, TOKEN);
        return making.tools()
                .waits()
                .until(
                        "the token of " + namespace,
                        deadline,
                        EVERY,
                        reason -> {},
                        () -> api.get(secret, deadline)
                                .map(found -> found.get("data"))
                                .map(data -> data instanceof Map<?, ?> entries ? entries.get("token") : null)
                                .<Answer<String>>map(encoded -> Answer.ready(new String(
                                        Base64.getDecoder().decode(encoded.toString()), StandardCharsets.US_ASCII)))
                                .orElseGet(() -> Answer.notYet("the token controller has not filled " + secret)));
    }

    private String kubeconfig(String namespace, String token, Kubeconfig admin) {
        var authority =
                Base64.getEncoder().encodeToString(admin.certificateAuthority().getBytes(StandardCharsets.US_ASCII));
        return """
                apiVersion: v1
                kind: Config
                clusters:
                - name: %1$s
                  cluster:
                    server: %2$s
                    certificate-authority-data: %3$s
                users:
                - name: %4$s
                  user:
                    token: %5$s
                contexts:
                - name: %4$s
                  context:
                    cluster: %1$s
                    user: %4$s
                    namespace: %4$s
                current-context: %4$s
                """.formatted(making.identity().cluster(), admin.server(), authority, namespace, token);
    }

    private Map<String, Object> in(String namespace, String name) {
        return Map.of("name", name, "namespace", namespace, "labels", making.labels());
    }

    private static Map<String, Object> object(
            String apiVersion, String kind, Map<String, ?> metadata, Map<String, ?> rest) {
        var object = new LinkedHashMap<String, Object>();
        object.put("apiVersion", apiVersion);
        object.put("kind", kind);
        object.put("metadata", metadata);
        object.putAll(rest);
        return object;
    }
}
