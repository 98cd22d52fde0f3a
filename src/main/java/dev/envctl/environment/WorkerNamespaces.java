package dev.envctl.environment;

import dev.envctl.AtOnce;
import dev.envctl.cluster.Labels;
import dev.envctl.kubernetes.Kubeconfig;
import dev.envctl.kubernetes.KubernetesApi;
import dev.envctl.kubernetes.ObjectReference;
import dev.envctl.readiness.Answer;
import dev.envctl.readiness.Deadline;
import dev.envctl.spec.WorkersSpec.Access;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * A namespace for each worker, and a kubeconfig that may do everything in it and, unless asked for, nothing outside. Safe
 * to use from several threads.
 *
 * <p>Pods there may do what the Pod Security Standard "baseline" lets them: run as any user, as most images for tests do,
 * but not reach the node, where the other workers' pods are.
 */
final class WorkerNamespaces {
    /** Longer than most test runs, shorter than a leaked file stays interesting. */
    private static final Duration TOKEN_LIFE = Duration.ofHours(1);

    private static final Duration EVERY = Duration.ofMillis(50);
    /** More would only wait for the API server's share of the processors. */
    private static final int AT_ONCE = 4;

    private static final String ACCOUNT = WorkerLease.ACCOUNT;
    private static final Pattern NAME = Pattern.compile("worker-([1-9]\\d{0,4})");

    private final Making making;
    private final KubernetesApi api;
    private final Kubeconfig admin;
    private final LeaseFiles files;
    private final WorkerRights rights;
    /** The identities of the ServiceAccounts that the tokens were made for. */
    private final Map<Integer, String> accounts = new ConcurrentHashMap<>();

    WorkerNamespaces(Making making, KubernetesApi api, Kubeconfig admin, LeaseFiles files) {
        this.making = making;
        this.api = api;
        this.admin = admin;
        this.files = files;
        this.rights = new WorkerRights(api, making.tools().waits(), making.labels(), everywhere());
    }

    static String namespace(int worker) {
        return "worker-" + worker;
    }

    /** See {@link #issue(int, Deadline)}, for several workers at once. */
    void issue(List<Integer> workers, Deadline deadline) {
        AtOnce.each("Making the namespaces", AT_ONCE, workers, worker -> {
            issue(worker, deadline);
            return worker;
        });
    }

    /** Makes the namespace and writes the worker's kubeconfig. */
    void issue(int worker, Deadline deadline) {
        var namespace = namespace(worker);
        api.create(
                Map.of(
                        "apiVersion",
                        "v1",
                        "kind",
                        "Namespace",
                        "metadata",
                        Map.of("name", namespace, "labels", namespaceLabels())),
                deadline);
        var account = rights.give(namespace, deadline);
        renew(worker, deadline);
        accounts.put(worker, account);
    }

    /** As {@link #issue} has given them: an administrator of the namespace may have changed them. */
    private void restoreRights(int worker, Deadline deadline) {
        var account = rights.restore(namespace(worker), deadline);
        // A token is good for as long as its account is the same.
        if (!account.equals(accounts.put(worker, account))) {
            renew(worker, deadline);
        }
    }

    /**
     * Writes the worker's kubeconfig with a fresh token, once in the file itself and once in a file that it names, which
     * clients that know how read again before it expires.
     */
    void renew(int worker, Deadline deadline) {
        var namespace = namespace(worker);
        var token = api.token(namespace, ACCOUNT, TOKEN_LIFE, deadline);
        EnvironmentDirectory.replace(files.kubeconfig(worker), kubeconfig(worker, token));
        EnvironmentDirectory.replace(files.token(worker), token);
    }

    /** Returns when no pod runs in the namespace any more. */
    void stopPods(int worker, Deadline deadline) {
        if (!api.list("v1", "Pod", namespace(worker), "", deadline).isEmpty()) {
            empty(worker, deadline);
        }
    }

    /** Deletes what is in the namespace, waits until it is gone, and gives the worker the rights it had at first. */
    void reset(int worker, Deadline deadline) {
        AtOnce.run(
                "Resetting namespace " + namespace(worker),
                List.of(() -> empty(worker, deadline), () -> restoreRights(worker, deadline)));
    }

    private void empty(int worker, Deadline deadline) {
        var namespace = namespace(worker);
        var kept = new HashSet<>(rights.objects(namespace));
        kept.add(new ObjectReference("v1", "ConfigMap", namespace, "kube-root-ca.crt"));
        making.tools().waits().until("namespace " + namespace + " to be empty", deadline, EVERY, reason -> {}, () -> {
            var left = api.deleteContents(namespace, kept, deadline);
            return left.isEmpty() ? Answer.ready(true) : Answer.notYet(left + " is still there");
        });
    }

    /** Asks for the end of the namespace and all in it; fine where there is none. Does not wait for it. */
    void delete(int worker, Deadline deadline) {
        api.delete(ObjectReference.namespace(namespace(worker)), deadline);
        rights.withdraw(namespace(worker), deadline);
    }

    /** The workers whose namespaces are there, and what keeps those that are to go; empty where nothing does. */
    Map<Integer, String> present(Deadline deadline) {
        var found = new TreeMap<Integer, String>();
        for (var namespace : api.list(
                "v1", "Namespace", "", Labels.ID + "=" + making.identity().id(), deadline)) {
            var name = NAME.matcher(ObjectReference.of(namespace).name());
            if (name.matches()) {
                found.put(Integer.parseInt(name.group(1)), keeping(namespace));
            }
        }
        return found;
    }

    /** Such as "Some content in the namespace has finalizers remaining: example.com/mine in 1 resource instances". */
    private static String keeping(Map<String, Object> namespace) {
        if (!(namespace.get("status") instanceof Map<?, ?> status)
                || !(status.get("conditions") instanceof List<?> conditions)) {
            return "";
        }
        return conditions.stream()
                .filter(Map.class::isInstance)
                .map(condition -> (Map<?, ?>) condition)
                .filter(condition -> "NamespaceFinalizersRemaining".equals(condition.get("type"))
                        && "True".equals(condition.get("status")))
                .map(condition -> String.valueOf(condition.get("message")))
                .findFirst()
                .orElse("");
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

    /** Clients read the one or the other; those that know both prefer the file. */
    private String kubeconfig(int worker, String token) {
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
                    tokenFile: %6$s
                contexts:
                - name: %4$s
                  context:
                    cluster: %1$s
                    user: %4$s
                    namespace: %4$s
                current-context: %4$s
                """.formatted(
                        making.identity().cluster(),
                        admin.server(),
                        authority,
                        namespace(worker),
                        token,
                        "'" + files.token(worker).toString().replace("'", "''") + "'");
    }
}
