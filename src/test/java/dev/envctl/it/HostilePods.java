package dev.envctl.it;

import java.util.LinkedHashMap;
import java.util.Map;

/** What a worker could make in its own namespace to get out of it. */
final class HostilePods {
    private HostilePods() {}

    /** JSON of pods, by what is wrong with them. */
    static Map<String, String> all() {
        var pods = new LinkedHashMap<String, String>();
        pods.put("with the node's disk", pod("\"volumes\":[{\"name\":\"v\",\"hostPath\":{\"path\":\"/\"}}]", ""));
        pods.put(
                "with the engine's socket",
                pod("\"volumes\":[{\"name\":\"v\",\"hostPath\":{\"path\":\"/run/containerd/containerd.sock\"}}]", ""));
        pods.put("in the node's network", pod("\"hostNetwork\":true", ""));
        pods.put("among the node's processes", pod("\"hostPID\":true", ""));
        pods.put("in the node's inter-process communication", pod("\"hostIPC\":true", ""));
        pods.put("that is privileged", pod("", "\"securityContext\":{\"privileged\":true}"));
        for (var capability : new String[] {"SYS_ADMIN", "NET_ADMIN", "SYS_PTRACE", "SYS_MODULE", "ALL"}) {
            pods.put(
                    "with the capability " + capability,
                    pod("", "\"securityContext\":{\"capabilities\":{\"add\":[\"%s\"]}}".formatted(capability)));
        }
        pods.put("at a port of the node", pod("", "\"ports\":[{\"containerPort\":80,\"hostPort\":10259}]"));
        // Without users of its own it would be no valid pod.
        pods.put("with a bare /proc", pod("\"hostUsers\":false", "\"securityContext\":{\"procMount\":\"Unmasked\"}"));
        pods.put(
                "without a system call filter",
                pod("\"securityContext\":{\"seccompProfile\":{\"type\":\"Unconfined\"}}", ""));
        pods.put(
                "with a kernel setting",
                pod("\"securityContext\":{\"sysctls\":[{\"name\":\"kernel.msgmax\",\"value\":\"1\"}]}", ""));
        for (var priority : new String[] {"system-node-critical", "system-cluster-critical"}) {
            pods.put(
                    "that displaces others as " + priority,
                    pod("\"priorityClassName\":\"%s\"".formatted(priority), ""));
        }
        return pods;
    }

    /** JSON of services, by what is wrong with them. */
    static Map<String, String> services() {
        return Map.of("that takes another's address", """
                {"metadata":{"name":"taken"},
                 "spec":{"ports":[{"port":6379}],"externalIPs":["10.96.0.10"],"selector":{"a":"b"}}}""");
    }

    private static String pod(String ofPod, String ofContainer) {
        return """
                {"metadata":{"generateName":"mine-"},
                 "spec":{%s "containers":[{"name":"mine","image":"localhost/none:1","imagePullPolicy":"Never" %s}]}}""".formatted(ofPod.isEmpty() ? "" : ofPod + ",", ofContainer.isEmpty() ? "" : "," + ofContainer);
    }
}
