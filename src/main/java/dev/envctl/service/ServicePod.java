package dev.envctl.service;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.envctl.kubernetes.ServiceLabel;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A Deployment of one pod that fits the "restricted" pod security level, and the Service in front of it.
 *
 * @param name of the service, the deployment and the container
 * @param userId numeric, because the kubelet checks runAsNonRoot only against numbers
 * @param command empty for the image's own entrypoint
 * @param volumes name, folder and memory limit in MiB; no limit means the node's disk
 */
record ServicePod(
        String name,
        ServiceImage image,
        int userId,
        int port,
        int nodePort,
        String memory,
        List<String> command,
        List<String> arguments,
        Map<String, String> environment,
        List<Volume> volumes) {
    /** @param limit of a memory-backed volume in MiB; 0 for the node's disk */
    record Volume(String name, String folder, long limit) {}

    /** Where the service's Secret is mounted. */
    static final String SECRETS = "/run/secrets/envctl";

    private static final String SECRET_VOLUME = "secrets";

    Map<String, Object> deployment(Map<String, String> labels) {
        var selector = Map.of(ServiceLabel.NAME, name);
        var podLabels = new LinkedHashMap<String, Object>(labels);
        podLabels.put(ServiceLabel.NAME, name);
        return ordered(
                "apiVersion",
                "apps/v1",
                "kind",
                "Deployment",
                "metadata",
                metadata(labels),
                "spec",
                ordered(
                        "replicas", 1L,
                        // Two at once would share nothing, but the second would not fit into the memory.
                        "strategy", Map.of("type", "Recreate"),
                        "selector", Map.of("matchLabels", selector),
                        "template", ordered("metadata", Map.of("labels", podLabels), "spec", podSpec())));
    }

    Map<String, Object> service(Map<String, String> labels) {
        return ordered(
                "apiVersion",
                "v1",
                "kind",
                "Service",
                "metadata",
                metadata(labels),
                "spec",
                ordered(
                        "type",
                        "NodePort",
                        "selector",
                        Map.of(ServiceLabel.NAME, name),
                        // The real question is asked through this port: the kubelet's slower one must not bar it.
                        "publishNotReadyAddresses",
                        true,
                        "ports",
                        List.of(ordered(
                                "name", name,
                                "port", (long) port,
                                "targetPort", (long) port,
                                "nodePort", (long) nodePort))));
    }

    /** @param files name and content */
    Map<String, Object> secret(Map<String, String> labels, Map<String, Object> files) {
        var data = new LinkedHashMap<String, Object>();
        files.forEach((file, content) -> data.put(
                file, Base64.getEncoder().encodeToString(content.toString().getBytes(UTF_8))));
        return ordered(
                "apiVersion", "v1",
                "kind", "Secret",
                "metadata", metadata(labels),
                "type", "Opaque",
                "data", data);
    }

    private Map<String, Object> metadata(Map<String, String> labels) {
        return ordered("name", name, "namespace", Services.NAMESPACE, "labels", new LinkedHashMap<>(labels));
    }

    private Map<String, Object> podSpec() {
        return ordered(
                "serviceAccountName",
                Services.SERVICE_ACCOUNT,
                "automountServiceAccountToken",
                false,
                // Variables such as REDIS_PORT=tcp://… confuse the images' own settings.
                "enableServiceLinks",
                false,
                "terminationGracePeriodSeconds",
                5L,
                "securityContext",
                ordered(
                        "runAsNonRoot",
                        true,
                        "runAsUser",
                        (long) userId,
                        "fsGroup",
                        (long) userId,
                        "seccompProfile",
                        Map.of("type", "RuntimeDefault")),
                "tolerations",
                List.of(tolerated("control-plane"), tolerated("not-ready")),
                "containers",
                List.of(container()),
                "volumes",
                volumeSources());
    }

    private static Map<String, Object> tolerated(String taint) {
        var prefix = taint.equals("control-plane") ? "node-role.kubernetes.io/" : "node.kubernetes.io/";
        return ordered("key", prefix + taint, "operator", "Exists", "effect", "NoSchedule");
    }

    private Map<String, Object> container() {
        var container = ordered(
                "name", name,
                "image", image.reference(),
                "imagePullPolicy", image.pullPolicy().word(),
                "args", List.copyOf(arguments),
                "env", variables(),
                "ports", List.of(ordered("name", name, "containerPort", (long) port)),
                "resources",
                        ordered(
                                "requests", ordered("cpu", "50m", "memory", memory),
                                "limits", ordered("memory", memory)),
                "securityContext",
                        ordered(
                                "allowPrivilegeEscalation", false,
                                "readOnlyRootFilesystem", true,
                                "capabilities", Map.of("drop", List.of("ALL"))),
                // A connection only: asking by a program in the container would cost a start of it each second.
                "readinessProbe",
                        ordered(
                                "tcpSocket", Map.of("port", (long) port),
                                "periodSeconds", 1L,
                                "timeoutSeconds", 1L,
                                "failureThreshold", 3L),
                "volumeMounts", mounts());
        if (!command.isEmpty()) {
            container.put("command", List.copyOf(command));
        }
        return container;
    }

    private List<Object> variables() {
        var variables = new ArrayList<Object>();
        environment.forEach((key, value) -> variables.add(ordered("name", key, "value", value)));
        return variables;
    }

    private List<Object> mounts() {
        var mounts = new ArrayList<Object>();
        mounts.add(ordered("name", SECRET_VOLUME, "mountPath", SECRETS, "readOnly", true));
        volumes.forEach(volume -> mounts.add(ordered("name", volume.name(), "mountPath", volume.folder())));
        return mounts;
    }

    private List<Object> volumeSources() {
        var sources = new ArrayList<Object>();
        sources.add(ordered("name", SECRET_VOLUME, "secret", ordered("secretName", name, "defaultMode", 0440L)));
        for (var volume : volumes) {
            var source = volume.limit() == 0
                    ? Map.<String, Object>of()
                    : ordered("medium", "Memory", "sizeLimit", volume.limit() + "Mi");
            sources.add(ordered("name", volume.name(), "emptyDir", source));
        }
        return sources;
    }

    /** A map that keeps the order it is written in, for people who read the result. */
    static Map<String, Object> ordered(Object... keysAndValues) {
        var map = new LinkedHashMap<String, Object>();
        for (var i = 0; i < keysAndValues.length; i += 2) {
            map.put((String) keysAndValues[i], keysAndValues[i + 1]);
        }
        return map;
    }
}
