package dev.envctl.environment;

import dev.envctl.cluster.Labels;
import dev.envctl.kubernetes.KubernetesApi;
import dev.envctl.kubernetes.ObjectReference;
import dev.envctl.readiness.Answer;
import dev.envctl.readiness.Deadline;
import dev.envctl.readiness.Wait;
import java.time.Duration;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The accounts in a worker's namespace and what the worker's own may do. The worker is an administrator there and may
 * change all of this.
 */
final class WorkerRights {
    private static final Duration EVERY = Duration.ofMillis(50);
    private static final String ACCOUNT = WorkerLease.ACCOUNT;
    private static final String RBAC = "rbac.authorization.k8s.io";

    /** What the API server says of an object besides what it was given. */
    private static final Set<String> OF_THE_SERVER =
            Set.of("uid", "resourceVersion", "creationTimestamp", "generation", "managedFields");

    private final KubernetesApi api;
    private final Wait wait;
    private final Map<String, String> labels;
    private final boolean everywhere;
    /** What became of those that we made: a webhook of the cluster may add to them. */
    private final Map<ObjectReference, Map<String, Object>> atFirst = new ConcurrentHashMap<>();

    /**
     * Of one environment.
     *
     * @param everywhere whether workers are administrators of the whole cluster
     */
    WorkerRights(KubernetesApi api, Wait wait, Map<String, String> labels, boolean everywhere) {
        this.api = api;
        this.wait = wait;
        this.labels = Map.copyOf(labels);
        this.everywhere = everywhere;
    }

    /** What stays in the namespace when it is emptied. */
    Set<ObjectReference> objects(String namespace) {
        var objects = new HashSet<ObjectReference>();
        for (var object : List.of(account(namespace), standardAccount(namespace), binding(namespace))) {
            objects.add(ObjectReference.of(object));
        }
        return objects;
    }

    /** The identity of the worker's account. */
    String give(String namespace, Deadline deadline) {
        var account = make(account(namespace), deadline);
        make(binding(namespace), deadline);
        return identity(account);
    }

    /** Makes anew what is not as it was at first, and nothing else. The identity of the worker's account. */
    String restore(String namespace, Deadline deadline) {
        restore(binding(namespace), deadline);
        restore(standardAccount(namespace), deadline);
        return identity(restore(account(namespace), deadline));
    }

    /** Takes away what is not in the namespace itself. */
    void withdraw(String namespace, Deadline deadline) {
        if (everywhere) {
            api.delete(ObjectReference.of(binding(namespace)), deadline);
        }
    }

    private Map<String, Object> restore(Map<String, Object> wanted, Deadline deadline) {
        var reference = ObjectReference.of(wanted);
        var there = api.get(reference, deadline);
        if (there.isPresent()) {
            if (content(there.get()).equals(atFirst.getOrDefault(reference, content(wanted)))) {
                return there.get();
            }
            // Not corrected: other fields would stay, and what a binding refers to cannot be changed.
            remove(reference, identity(there.get()), deadline);
        }
        return make(wanted, deadline);
    }

    private Map<String, Object> make(Map<String, Object> wanted, Deadline deadline) {
        var made = api.create(wanted, deadline);
        atFirst.put(ObjectReference.of(wanted), content(made));
        return made;
    }

    /** Waits for it: a finalizer may keep it. Kubernetes makes the namespace's own account again by itself. */
    private void remove(ObjectReference reference, String identity, Deadline deadline) {
        api.delete(reference, deadline);
        wait.until(
                reference + " to be gone",
                deadline,
                EVERY,
                reason -> {},
                () -> api.get(reference, deadline)
                                .filter(object -> identity(object).equals(identity))
                                .isEmpty()
                        ? Answer.ready(true)
                        : Answer.notYet("it is still there"));
    }

    /** What must not differ: which primary has made it is no difference. */
    private static Map<String, Object> content(Map<String, Object> object) {
        var content = new LinkedHashMap<>(object);
        var metadata = new LinkedHashMap<Object, Object>(map(object, "metadata"));
        metadata.keySet().removeAll(OF_THE_SERVER);
        var labels = new LinkedHashMap<Object, Object>(map(metadata, "labels"));
        labels.remove(Labels.EPOCH);
        metadata.put("labels", labels);
        content.put("metadata", metadata);
        return content;
    }

    private static Map<?, ?> map(Map<?, ?> object, String field) {
        return object.get(field) instanceof Map<?, ?> map ? map : Map.of();
    }

    private static String identity(Map<String, Object> object) {
        return String.valueOf(map(object, "metadata").get("uid"));
    }

    private Map<String, Object> account(String namespace) {
        return object("v1", "ServiceAccount", in(namespace), Map.of());
    }

    /** That of pods which name none. */
    private static Map<String, Object> standardAccount(String namespace) {
        return object("v1", "ServiceAccount", Map.of("name", "default", "namespace", namespace), Map.of());
    }

    private Map<String, Object> binding(String namespace) {
        var role = Map.<String, Object>of(
                "apiGroup", RBAC, "kind", "ClusterRole", "name", everywhere ? "cluster-admin" : "admin");
        var subjects =
                List.of(Map.<String, Object>of("kind", "ServiceAccount", "name", ACCOUNT, "namespace", namespace));
        var rules = Map.<String, Object>of("roleRef", role, "subjects", subjects);
        return everywhere
                ? object(
                        RBAC + "/v1",
                        "ClusterRoleBinding",
                        Map.of("name", "envctl-" + namespace, "labels", labels),
                        rules)
                : object(RBAC + "/v1", "RoleBinding", in(namespace), rules);
    }

    private Map<String, Object> in(String namespace) {
        return Map.of("name", ACCOUNT, "namespace", namespace, "labels", labels);
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
