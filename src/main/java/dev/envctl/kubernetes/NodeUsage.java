package dev.envctl.kubernetes;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How much memory a node and its pods use, as its kubelet says: what cannot be given back without ending something.
 *
 * @param node its name
 * @param used bytes
 * @param available bytes that are left for it; 0 where the kubelet does not tell
 * @param pods bytes of each pod, by {@code NAMESPACE/NAME}
 */
public record NodeUsage(String node, long used, long available, Map<String, Long> pods) {
    public NodeUsage {
        pods = Map.copyOf(pods);
    }

    /** @param summary the kubelet's {@code /stats/summary}, stats/v1alpha1 */
    static NodeUsage of(Map<String, Object> summary) {
        var fields = Fields.of(summary);
        var pods = new LinkedHashMap<String, Long>();
        for (var pod : fields.list("pods")) {
            var bytes = pod.list("containers").stream()
                    .mapToLong(container -> container.number("memory", "workingSetBytes"))
                    .sum();
            pods.put(pod.text("podRef", "namespace") + "/" + pod.text("podRef", "name"), bytes);
        }
        return new NodeUsage(
                fields.text("node", "nodeName"),
                fields.number("node", "memory", "workingSetBytes"),
                fields.number("node", "memory", "availableBytes"),
                pods);
    }
}
