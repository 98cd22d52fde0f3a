package dev.envctl.cluster;

import java.nio.file.Path;
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
    private static final String SUPER_ADMIN = "/etc/kubernetes/super-admin.conf";

    /** kubeadm's own, and one that keeps a worker's service from taking another's address (CVE-2020-8554). */
    private static final String ADMISSION = "NodeRestriction,DenyServiceExternalIPs";

    /**
     * For a cluster that lives for minutes and has one control plane: etcd need not wait for the disk nor a second for an
     * election with one candidate, keys are of the kind that is made in no time, nobody elects a leader, and controllers
     * may ask more often than is good for a large cluster, which brings kube-proxy up seconds earlier. kind writes one of
     * the two versions.
     *
     * <p>The scheduler starts before the API server has made the roles that let it read anything. Being refused, it tries
     * again two and four seconds later, and no pod starts meanwhile; with the certificate that needs no role (Kubernetes
     * 1.29 or newer has it) it is never refused.
     */
    private static final List<String> CONTROL_PLANE =
            List.of("""
            apiVersion: kubeadm.k8s.io/v1beta3
            kind: ClusterConfiguration
            featureGates: {PublicKeysECDSA: true}
            apiServer: {extraArgs: {enable-admission-plugins: "%2$s"}}
            etcd: {local: {extraArgs: {unsafe-no-fsync: "true", heartbeat-interval: "10", election-timeout: "100"}}}
            controllerManager: {extraArgs: {kube-api-qps: "300", kube-api-burst: "600", leader-elect: "false"}}
            scheduler:
              extraArgs:
                kube-api-qps: "300"
                kube-api-burst: "600"
                leader-elect: "false"
                kubeconfig: %1$s
              extraVolumes:
              - {name: super-admin, hostPath: %1$s, mountPath: %1$s, readOnly: true, pathType: File}
            """.formatted(SUPER_ADMIN, ADMISSION), """
            apiVersion: kubeadm.k8s.io/v1beta4
            kind: ClusterConfiguration
            encryptionAlgorithm: ECDSA-P256
            apiServer:
              extraArgs:
              - {name: enable-admission-plugins, value: "%2$s"}
            etcd:
              local:
                extraArgs:
                - {name: unsafe-no-fsync, value: "true"}
                - {name: heartbeat-interval, value: "10"}
                - {name: election-timeout, value: "100"}
            controllerManager:
              extraArgs:
              - {name: kube-api-qps, value: "300"}
              - {name: kube-api-burst, value: "600"}
              - {name: leader-elect, value: "false"}
            scheduler:
              extraArgs:
              - {name: kube-api-qps, value: "300"}
              - {name: kube-api-burst, value: "600"}
              - {name: leader-elect, value: "false"}
              - {name: kubeconfig, value: %1$s}
              extraVolumes:
              - {name: super-admin, hostPath: %1$s, mountPath: %1$s, readOnly: true, pathType: File}
            """.formatted(SUPER_ADMIN, ADMISSION));

    /** Where every node sees {@link #COREDNS}; kubeadm applies what is in this folder. */
    private static final String PATCHES = "/envctl/patches";

    private static final String INIT = """
            kind: InitConfiguration
            patches: {directory: %s}
            skipPhases: [%s]
            """;

    /** kind skips the first of these phases itself; the second restarts the kubelet for a rotation that is due next year. */
    private static final String UNUSED = "preflight, kubelet-finalize, show-join-command";

    /**
     * For nodes that join: tokens, the ConfigMap kube-public/cluster-info, and who may approve their certificates. kubeadm may
     * ask ten things at once and then five a second: a dozen for nobody would keep it waiting for more than a second.
     */
    private static final String FOR_JOINING = "bootstrap-token";

    /**
     * The kubelet asks for each secret instead of watching it: the first watch is refused until the API server has seen
     * that the pod is on this node, and the next try comes more than a second later.
     */
    private static final String KUBELET = """
            kind: KubeletConfiguration
            configMapAndSecretChangeDetectionStrategy: Get
            """;

    /**
     * One server is enough, and the ten seconds between two of its readiness probes are most of its start. It asks the API
     * server of its own node at the node's address: at the Service's there is no answer before kube-proxy has written its
     * rules, and who asked too early asks again seconds later.
     */
    static final String COREDNS = """
            spec:
              replicas: 1
              template:
                spec:
                  nodeSelector: {node-role.kubernetes.io/control-plane: ""}
                  containers:
                  - name: coredns
                    env:
                    - name: KUBERNETES_SERVICE_HOST
                      valueFrom: {fieldRef: {fieldPath: status.hostIP}}
                    - {name: KUBERNETES_SERVICE_PORT, value: "6443"}
                    readinessProbe: {periodSeconds: 1}
            """;

    /** kubeadm knows by this name what to patch, and how. */
    static final String COREDNS_FILE = "corednsdeployment+strategic.yaml";

    /** kind asks for one second, which is how long a new node port would stay closed. */
    private static final String KUBE_PROXY = """
            kind: KubeProxyConfiguration
            iptables: {minSyncPeriod: 50ms}
            """;

    private KindConfig() {}

    /** @param patches the folder of the host that holds {@link #COREDNS_FILE} */
    static String render(ClusterPlan plan, Path patches) {
        var config = new LinkedHashMap<String, Object>();
        config.put("kind", "Cluster");
        config.put("apiVersion", "kind.x-k8s.io/v1alpha4");
        config.put("name", plan.name().toString());
        var networking = new LinkedHashMap<String, Object>();
        networking.put("apiServerAddress", LOOPBACK);
        networking.put("apiServerPort", plan.apiServerPort());
        config.put("networking", networking);
        config.put(
                "kubeadmConfigPatches",
                Stream.concat(CONTROL_PLANE.stream(), Stream.of(init(plan), KUBELET, KUBE_PROXY))
                        .toList());
        var nodes = new ArrayList<Object>();
        nodes.add(node("control-plane", plan, plan.ports(), List.of(new Mount(patches, PATCHES))));
        for (var i = 0; i < plan.workerNodes(); i++) {
            nodes.add(node("worker", plan, List.of(), List.of()));
        }
        config.put("nodes", nodes);
        var options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        return new Yaml(options).dump(config);
    }

    private static String init(ClusterPlan plan) {
        return INIT.formatted(PATCHES, plan.workerNodes() == 0 ? UNUSED + ", " + FOR_JOINING : UNUSED);
    }

    private static Map<String, Object> node(
            String role, ClusterPlan plan, List<PortMapping> ports, List<Mount> ownMounts) {
        var node = new LinkedHashMap<String, Object>();
        node.put("role", role);
        node.put("image", plan.nodeImage());
        if (!ports.isEmpty()) {
            node.put(
                    "extraPortMappings",
                    ports.stream().map(KindConfig::published).toList());
        }
        var mounts = Stream.concat(plan.mounts().stream(), ownMounts.stream()).toList();
        if (!mounts.isEmpty()) {
            node.put("extraMounts", mounts.stream().map(KindConfig::mounted).toList());
        }
        return node;
    }

    /** kind's default address is 0.0.0.0: the environment would be open to the network. */
    private static Map<String, Object> published(PortMapping port) {
        var mapping = new LinkedHashMap<String, Object>();
        mapping.put("containerPort", port.nodePort());
        mapping.put("hostPort", port.hostPort());
        mapping.put("listenAddress", LOOPBACK);
        mapping.put("protocol", "TCP");
        return mapping;
    }

    private static Map<String, Object> mounted(Mount mount) {
        var mapping = new LinkedHashMap<String, Object>();
        mapping.put("hostPath", mount.hostPath().toString());
        mapping.put("containerPath", mount.nodePath());
        mapping.put("readOnly", true);
        return mapping;
    }
}
