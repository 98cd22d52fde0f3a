package dev.envctl.cluster;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/** Renders kind's configuration file ({@code kind.x-k8s.io/v1alpha4}). */
final class KindConfig {
    private static final String LOOPBACK = "127.0.0.1";

    /** The cluster's data dies with it, so etcd need not wait for the disk. kind writes one of the two versions. */
    private static final List<String> ETCD = List.of("""
            apiVersion: kubeadm.k8s.io/v1beta3
            kind: ClusterConfiguration
            etcd: {local: {extraArgs: {unsafe-no-fsync: "true"}}}
            """, """
            apiVersion: kubeadm.k8s.io/v1beta4
            kind: ClusterConfiguration
            etcd: {local: {extraArgs: [{name: unsafe-no-fsync, value: "true"}]}}
            """);

    /** kind asks for one second, which is how long a new node port would stay closed. */
    private static final String KUBE_PROXY = """
            kind: KubeProxyConfiguration
            iptables: {minSyncPeriod: 50ms}
            """;

    private KindConfig() {}

    static String render(ClusterPlan plan) {
        var config = new LinkedHashMap<String, Object>();
        config.put("kind", "Cluster");
        config.put("apiVersion", "kind.x-k8s.io/v1alpha4");
        config.put("name", plan.name().toString());
        config.put("networking", Map.of("apiServerAddress", LOOPBACK, "apiServerPort", plan.apiServerPort()));
        config.put(
                "kubeadmConfigPatches",
                Stream.concat(ETCD.stream(), Stream.of(KUBE_PROXY)).toList());
        var nodes = new ArrayList<Object>();
        nodes.add(node("control-plane", plan, plan.ports()));
        for (var i = 0; i < plan.workerNodes(); i++) {
            nodes.add(node("worker", plan, List.of()));
        }
        config.put("nodes", nodes);
        var options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        return new Yaml(options).dump(config);
    }

    private static Map<String, Object> node(String role, ClusterPlan plan, List<PortMapping> ports) {
        var node = new LinkedHashMap<String, Object>();
        node.put("role", role);
        node.put("image", plan.nodeImage());
        if (!ports.isEmpty()) {
            node.put(
                    "extraPortMappings",
                    ports.stream()
                            .map(port -> Map.of(
                                    "containerPort",
                                    port.nodePort(),
                                    "hostPort",
                                    port.hostPort(),
                                    // kind's default is 0.0.0.0: the environment would be open to the network.
                                    "listenAddress",
                                    LOOPBACK,
                                    "protocol",
                                    "TCP"))
                            .toList());
        }
        if (!plan.mounts().isEmpty()) {
            node.put(
                    "extraMounts",
                    plan.mounts().stream()
                            .map(mount -> Map.of(
                                    "hostPath", mount.hostPath().toString(),
                                    "containerPath", mount.nodePath(),
                                    "readOnly", true))
                            .toList());
        }
        return node;
    }
}
