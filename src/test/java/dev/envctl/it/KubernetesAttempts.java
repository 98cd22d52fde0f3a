package dev.envctl.it;

import dev.envctl.it.Attempt.Misfired;
import dev.envctl.it.Attempt.Outcome;
import dev.envctl.it.Attempt.Refused;
import dev.envctl.it.Attempt.Succeeded;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Against every namespace but the worker's own, the nodes and the cluster, and out of its own namespace, with worker 1's
 * kubeconfig. The API server asks for rights before it looks whether there is such an object.
 */
final class KubernetesAttempts {
    private static final List<String> FOREIGN = List.of("worker-2", "envctl", "kube-system", "default");
    private static final List<String> RESOURCES = List.of(
            "/api/v1|pods",
            "/api/v1|secrets",
            "/api/v1|configmaps",
            "/api/v1|services",
            "/api/v1|serviceaccounts",
            "/apis/apps/v1|deployments",
            "/apis/batch/v1|jobs",
            "/apis/rbac.authorization.k8s.io/v1|rolebindings");
    private static final List<String> OF_THE_CLUSTER = List.of(
            "/api/v1/nodes",
            "/api/v1/namespaces",
            "/api/v1/persistentvolumes",
            "/apis/rbac.authorization.k8s.io/v1/clusterroles",
            "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
            "/apis/apiextensions.k8s.io/v1/customresourcedefinitions",
            "/apis/apiregistration.k8s.io/v1/apiservices",
            "/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations",
            "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies",
            "/apis/certificates.k8s.io/v1/certificatesigningrequests",
            "/apis/scheduling.k8s.io/v1/priorityclasses",
            "/apis/storage.k8s.io/v1/storageclasses",
            "/apis/node.k8s.io/v1/runtimeclasses");
    private static final List<String> IMPERSONATED = List.of(
            "Impersonate-User: system:admin",
            "Impersonate-User: kubernetes-admin",
            "Impersonate-User: system:kube-controller-manager",
            "Impersonate-User: system:serviceaccount:worker-2:worker",
            "Impersonate-User: system:serviceaccount:kube-system:default");

    private final ApiServerClient client;
    private final String node;
    private final String postgresPod;

    /** @param postgresPod the name of the pod that Postgres runs in */
    KubernetesAttempts(ApiServerClient client, String node, String postgresPod) {
        this.client = client;
        this.node = node;
        this.postgresPod = postgresPod;
    }

    List<Attempt> all() {
        var attempts = new ArrayList<Attempt>();
        for (var namespace : FOREIGN) {
            for (var resource : RESOURCES) {
                var parts = resource.split("\\|", -1);
                var path = parts[0] + "/namespaces/" + namespace + "/" + parts[1];
                attempts.add(request("GET", path, ""));
                attempts.add(request("POST", path, "{\"metadata\":{\"name\":\"mine\"}}"));
                attempts.add(request("DELETE", path, ""));
            }
        }
        for (var path : OF_THE_CLUSTER) {
            attempts.add(request("GET", path, ""));
            attempts.add(request("POST", path, "{\"metadata\":{\"name\":\"mine\"}}"));
            attempts.add(request("DELETE", path + "/mine", ""));
        }
        attempts.addAll(onServices());
        attempts.addAll(onNodes());
        attempts.addAll(onItsOwnRights());
        HostilePods.all()
                .forEach((name, pod) ->
                        attempts.add(request("a pod " + name, "POST", "/api/v1/namespaces/worker-1/pods", pod)));
        HostilePods.services()
                .forEach((name, service) -> attempts.add(
                        request("a service " + name, "POST", "/api/v1/namespaces/worker-1/services", service)));
        for (var header : IMPERSONATED) {
            var parts = header.split(": ", -1);
            attempts.add(new Attempt(
                    "Kubernetes: " + header,
                    () -> ask("GET", "/api/v1/namespaces/worker-2/secrets", "", Map.of(parts[0], parts[1]))));
        }
        return attempts;
    }

    private List<Attempt> onServices() {
        var pod = "/api/v1/namespaces/envctl/pods/" + postgresPod;
        var deployments = "/apis/apps/v1/namespaces/envctl/deployments/";
        return List.of(
                request("GET", "/api/v1/namespaces/envctl/secrets/postgres", ""),
                request("GET", "/api/v1/namespaces/envctl/secrets/redis", ""),
                request("POST", pod + "/exec?command=id&stdout=true", ""),
                request("POST", pod + "/attach?stdout=true", ""),
                request("POST", pod + "/portforward?ports=5432", ""),
                request("GET", pod + "/log", ""),
                request("GET", pod + "/proxy/", ""),
                request("POST", pod + "/eviction", "{\"metadata\":{\"name\":\"%s\"}}".formatted(postgresPod)),
                request("POST", pod + "/binding", "{}"),
                request("PATCH", pod + "/ephemeralcontainers", "{}"),
                request("PATCH", pod + "/status", "{}"),
                request("DELETE", pod, ""),
                request("GET", "/api/v1/namespaces/envctl/services/redis:6379/proxy/", ""),
                request("PATCH", "/api/v1/namespaces/envctl/services/redis", "{\"spec\":{\"selector\":null}}"),
                request("PATCH", deployments + "postgres/scale", "{\"spec\":{\"replicas\":0}}"),
                request("PATCH", deployments + "redis", "{\"spec\":{\"replicas\":0}}"),
                request("POST", "/api/v1/namespaces/envctl/serviceaccounts/services/token", "{}"),
                request("POST", "/api/v1/namespaces/worker-2/serviceaccounts/worker/token", "{}"),
                request("POST", "/api/v1/namespaces/kube-system/serviceaccounts/default/token", "{}"),
                request("GET", "/api/v1/namespaces/worker-2/secrets/worker-token", ""),
                request("GET", "/api/v1/namespaces/worker-2/configmaps?watch=true", ""),
                request("GET", "/api/v1/secrets", ""),
                request("GET", "/api/v1/pods", ""),
                request("GET", "/api/v1/events", ""),
                request("GET", "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases", ""));
    }

    private List<Attempt> onNodes() {
        var one = "/api/v1/nodes/" + node;
        return List.of(
                request("GET", one, ""),
                request("GET", one + "/proxy/pods", ""),
                request("GET", one + "/proxy/configz", ""),
                request("POST", one + "/proxy/run/envctl/" + postgresPod + "/postgres?cmd=id", ""),
                request("PATCH", one, "{\"spec\":{\"unschedulable\":true}}"),
                request("PATCH", one + "/status", "{}"),
                request("DELETE", one, ""),
                request("GET", "/metrics", ""),
                request("GET", "/logs/", ""),
                request("GET", "/debug/pprof/", ""),
                request("GET", "/configz", ""));
    }

    private List<Attempt> onItsOwnRights() {
        var rbac = "/apis/rbac.authorization.k8s.io/v1/namespaces/worker-1/";
        return List.of(
                request("PATCH", "/api/v1/namespaces/worker-1", "{\"metadata\":{\"labels\":null}}"),
                request("DELETE", "/api/v1/namespaces/worker-1", ""),
                request("PUT", "/api/v1/namespaces/worker-1/finalize", "{}"),
                request("a role that may do everything", "POST", rbac + "roles", """
                        {"metadata":{"name":"mine"},
                         "rules":[{"apiGroups":["*"],"resources":["*"],"verbs":["*"]}]}"""),
                request("a binding to cluster-admin", "POST", rbac + "rolebindings", """
                        {"metadata":{"name":"mine"},
                         "roleRef":{"apiGroup":"rbac.authorization.k8s.io","kind":"ClusterRole","name":"cluster-admin"},
                         "subjects":[{"kind":"ServiceAccount","name":"worker","namespace":"worker-1"}]}"""),
                request("POST", "/api/v1/namespaces/worker-1/resourcequotas", "{\"metadata\":{\"name\":\"mine\"}}"),
                request(
                        "DELETE",
                        "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies/worker-pods.envctl.dev",
                        ""),
                request(
                        "PATCH",
                        "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings/worker-pods.envctl.dev",
                        "{\"spec\":null}"),
                request("POST", "/api/v1/namespaces/worker-1/limitranges", "{\"metadata\":{\"name\":\"mine\"}}"),
                request("POST", "/api/v1/namespaces/worker-1/endpoints", "{\"metadata\":{\"name\":\"mine\"}}"),
                request(
                        "POST",
                        "/apis/discovery.k8s.io/v1/namespaces/worker-1/endpointslices",
                        "{\"metadata\":{\"name\":\"mine\"}}"),
                request("PATCH", "/api/v1/namespaces/worker-1/services/mine/status", "{}"));
    }

    private Attempt request(String method, String path, String body) {
        return request(method + " " + path, method, path, body);
    }

    private Attempt request(String name, String method, String path, String body) {
        return new Attempt("Kubernetes: " + name, () -> ask(method, path, body, Map.of()));
    }

    private Outcome ask(String method, String path, String body, Map<String, String> headers) throws Exception {
        var response = client.ask(method, path, body, headers);
        var answer = response.statusCode() + " " + response.body().strip();
        if (response.statusCode() == 403 || response.statusCode() == 401) {
            return new Refused(answer);
        }
        return response.statusCode() < 300 ? new Succeeded(answer) : new Misfired(answer);
    }
}
