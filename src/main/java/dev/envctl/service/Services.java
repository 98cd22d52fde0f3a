package dev.envctl.service;

import static dev.envctl.service.ServicePod.ordered;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What Postgres and Redis share in the cluster. */
public final class Services {
    /** Where they run. */
    public static final String NAMESPACE = "envctl";

    static final String SERVICE_ACCOUNT = "services";

    private Services() {}

    /** Selects the pods of a service. */
    public static String selector(String name) {
        return dev.envctl.kubernetes.ServiceLabel.NAME + "=" + name;
    }

    /** The address of a service for pods. */
    static ServiceEndpoint inCluster(String name, int port) {
        return new ServiceEndpoint("%s.%s.svc.cluster.local".formatted(name, NAMESPACE), port);
    }

    /**
     * The namespace and the account that the pods run as, to be applied first. An account of our own, because the
     * namespace's default one appears only some time later.
     */
    public static List<Map<String, Object>> foundation(Map<String, String> labels) {
        var namespaceLabels = new LinkedHashMap<String, Object>(labels);
        namespaceLabels.put("pod-security.kubernetes.io/enforce", "restricted");
        return List.of(
                ordered(
                        "apiVersion", "v1",
                        "kind", "Namespace",
                        "metadata", ordered("name", NAMESPACE, "labels", namespaceLabels)),
                ordered(
                        "apiVersion",
                        "v1",
                        "kind",
                        "ServiceAccount",
                        "metadata",
                        ordered(
                                "name", SERVICE_ACCOUNT,
                                "namespace", NAMESPACE,
                                "labels", new LinkedHashMap<>(labels)),
                        "automountServiceAccountToken",
                        false));
    }
}
