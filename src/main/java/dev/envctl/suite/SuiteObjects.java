package dev.envctl.suite;

import dev.envctl.environment.WorkerLease;
import dev.envctl.kubernetes.ObjectReference;
import dev.envctl.spec.SuiteSpec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is made in a lease's namespace for a suite: a Secret with its settings, and a Job of one pod that the namespace's
 * pod security level admits.
 */
final class SuiteObjects {
    /** The container that does the work. */
    static final String SUITE = "suite";

    /** The one that outlives it, so that its files can be fetched and its pod is still there to be asked. */
    static final String KEEPER = "keeper";

    /** In the keeper, once nobody needs it any more. */
    static final List<String> END_KEEPER = List.of("sh", "-c", "kill 1");

    private static final String SETTINGS = "suite-settings";
    private static final String REPORTS = "reports-";

    /** For the case that nobody is left who would end the Job at its time-out, and end it after the reports were fetched. */
    private static final Duration MARGIN = Duration.ofMinutes(2);

    /** What the kubelet of a lost node should have said by then. */
    private static final long LOST_SECONDS = 20;

    private static final long GRACE_SECONDS = 5;

    private final SuiteSpec suite;
    private final WorkerLease lease;
    private final String image;
    private final String keeperImage;

    /**
     * Images are {@code repository@sha256:…}.
     *
     * @param keeperImage has a shell and tar
     */
    SuiteObjects(SuiteSpec suite, WorkerLease lease, String image, String keeperImage) {
        this.suite = suite;
        this.lease = lease;
        this.image = image;
        this.keeperImage = keeperImage;
    }

    ObjectReference reference() {
        return new ObjectReference("batch/v1", "Job", lease.namespace(), suite.name());
    }

    String selector() {
        return "batch.kubernetes.io/job-name=" + suite.name();
    }

    List<Map<String, Object>> all() {
        return List.of(secret(), job());
    }

    private Map<String, Object> secret() {
        var data = new LinkedHashMap<String, Object>();
        var variables = new LinkedHashMap<>(lease.variablesInCluster());
        variables.put("ENVCTL_SUITE", suite.name());
        variables.forEach((name, value) ->
                data.put(name, Base64.getEncoder().encodeToString(value.getBytes(StandardCharsets.UTF_8))));
        return Map.of(
                "apiVersion", "v1",
                "kind", "Secret",
                "metadata", metadata(SETTINGS),
                "type", "Opaque",
                "data", data);
    }

    private Map<String, Object> job() {
        var template = Map.of("metadata", Map.of("labels", labels()), "spec", pod());
        var spec = Map.of(
                "backoffLimit",
                0L,
                "activeDeadlineSeconds",
                suite.timeout().plus(MARGIN).toSeconds(),
                "template",
                template);
        return Map.of("apiVersion", "batch/v1", "kind", "Job", "metadata", metadata(suite.name()), "spec", spec);
    }

    private Map<String, Object> metadata(String name) {
        return Map.of("name", name, "namespace", lease.namespace(), "labels", labels());
    }

    private Map<String, Object> labels() {
        return Map.of("dev.envctl.suite", suite.name());
    }

    private Map<String, Object> pod() {
        var pod = new LinkedHashMap<String, Object>();
        pod.put("restartPolicy", "Never");
        // The lease's administrator: clients inside the cluster find its token where they look for one.
        pod.put("serviceAccountName", WorkerLease.ACCOUNT);
        pod.put("enableServiceLinks", false);
        pod.put("terminationGracePeriodSeconds", GRACE_SECONDS);
        pod.put("securityContext", Map.of("seccompProfile", Map.of("type", "RuntimeDefault")));
        pod.put("tolerations", tolerations());
        pod.put("containers", List.of(suiteContainer(), keeper()));
        pod.put("volumes", volumes());
        return pod;
    }

    private static List<Map<String, Object>> tolerations() {
        var tolerations = new ArrayList<Map<String, Object>>();
        tolerations.add(
                Map.of("key", "node-role.kubernetes.io/control-plane", "operator", "Exists", "effect", "NoSchedule"));
        for (var lost : List.of("not-ready", "unreachable")) {
            tolerations.add(Map.of(
                    "key",
                    "node.kubernetes.io/" + lost,
                    "operator",
                    "Exists",
                    "effect",
                    "NoExecute",
                    "tolerationSeconds",
                    LOST_SECONDS));
        }
        return tolerations;
    }

    private Map<String, Object> suiteContainer() {
        var container = container(SUITE, image);
        if (!suite.command().isEmpty()) {
            container.put(
                    "command",
                    suite.command().stream().map(SuiteObjects::verbatim).toList());
        }
        container.put("envFrom", List.of(Map.of("secretRef", Map.of("name", SETTINGS))));
        container.put(
                "env",
                suite.variables().entrySet().stream()
                        .map(one -> Map.of("name", one.getKey(), "value", verbatim(one.getValue())))
                        .toList());
        var memory = suite.resources().memory();
        container.put("resources", Map.of("requests", Map.of("memory", memory), "limits", Map.of("memory", memory)));
        container.put("securityContext", Map.of("allowPrivilegeEscalation", false));
        container.put("volumeMounts", mounts(false));
        return container;
    }

    /** Kubernetes would put variables where {@code $(NAME)} stands. */
    private static String verbatim(String text) {
        return text.replace("$", "$$");
    }

    /** Reads what the suite's user wrote, whoever that is, and can do nothing else. */
    private Map<String, Object> keeper() {
        var container = container(KEEPER, keeperImage);
        container.put(
                "command", List.of("sh", "-c", verbatim("trap 'exit 0' TERM; while :; do sleep 3600 & wait $!; done")));
        container.put("resources", Map.of("requests", Map.of("memory", "8Mi"), "limits", Map.of("memory", "64Mi")));
        container.put(
                "securityContext",
                Map.of(
                        "runAsUser",
                        0L,
                        "allowPrivilegeEscalation",
                        false,
                        "readOnlyRootFilesystem",
                        true,
                        "capabilities",
                        Map.of("drop", List.of("ALL"), "add", List.of("DAC_OVERRIDE"))));
        container.put("volumeMounts", mounts(true));
        return container;
    }

    private static Map<String, Object> container(String name, String image) {
        var container = new LinkedHashMap<String, Object>();
        container.put("name", name);
        container.put("image", image);
        container.put("imagePullPolicy", "Never");
        return container;
    }

    private List<Map<String, Object>> mounts(boolean inKeeper) {
        var mounts = new ArrayList<Map<String, Object>>();
        for (var folder : folders()) {
            var index = mounts.size();
            mounts.add(Map.of(
                    "name",
                    REPORTS + index,
                    "mountPath",
                    inKeeper ? ReportFolders.IN_KEEPER + "/" + index : folder,
                    "readOnly",
                    inKeeper));
        }
        return mounts;
    }

    private List<Map<String, Object>> volumes() {
        var volumes = new ArrayList<Map<String, Object>>();
        for (var ignored : folders()) {
            volumes.add(Map.of("name", REPORTS + volumes.size(), "emptyDir", Map.of("sizeLimit", "1Gi")));
        }
        return volumes;
    }

    private List<String> folders() {
        return ReportFolders.of(suite.reports()).inSuite();
    }
}
