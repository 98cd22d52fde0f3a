package dev.envctl.cluster;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

final class KindConfigTest {
    private static final Path PATCHES = Path.of("/project/.envctl/e2e/scratch/patches");

    private static ClusterPlan plan(int workerNodes, List<PortMapping> ports, List<Mount> mounts) {
        return new ClusterPlan(new ClusterName("e2e", "0123abcd"), "node:v1", workerNodes, 15000, ports, mounts);
    }

    /** Everything but the patches for kubeadm, which tests on clusters judge. */
    private static String withoutPatches(String config) {
        return config.replaceFirst("(?s)kubeadmConfigPatches:\n.*?\nnodes:", "nodes:");
    }

    @Test
    void publishesPortsOnTheLoopbackAddressOnlyAndMountsReadOnly() {
        var config = KindConfig.render(
                plan(
                        0,
                        List.of(new PortMapping(15001, 30432)),
                        List.of(new Mount(Path.of("/cache/postgres.tar"), "/envctl/images/postgres.tar"))),
                PATCHES);

        assertThat(withoutPatches(config)).isEqualTo("""
                kind: Cluster
                apiVersion: kind.x-k8s.io/v1alpha4
                name: envctl-e2e-0123abcd
                networking:
                  apiServerAddress: 127.0.0.1
                  apiServerPort: 15000
                nodes:
                - role: control-plane
                  image: node:v1
                  extraPortMappings:
                  - containerPort: 30432
                    hostPort: 15001
                    listenAddress: 127.0.0.1
                    protocol: TCP
                  extraMounts:
                  - hostPath: /cache/postgres.tar
                    containerPath: /envctl/images/postgres.tar
                    readOnly: true
                  - hostPath: /project/.envctl/e2e/scratch/patches
                    containerPath: /envctl/patches
                    readOnly: true
                """);
    }

    @Test
    void givesWorkerNodesTheImagesButNeitherPortsNorPatches() {
        var config = KindConfig.render(
                plan(
                        2,
                        List.of(new PortMapping(15001, 30432)),
                        List.of(new Mount(Path.of("/cache/redis.tar"), "/envctl/images/redis.tar"))),
                PATCHES);

        var worker = """
                - role: worker
                  image: node:v1
                  extraMounts:
                  - hostPath: /cache/redis.tar
                    containerPath: /envctl/images/redis.tar
                    readOnly: true
                """;
        assertThat(config).endsWith("readOnly: true\n" + worker + worker);
    }

    @Test
    void isYamlWhosePatchesAreYamlOfKubeadmKubeletAndKubeProxy() {
        Map<String, Object> config = new Yaml().load(KindConfig.render(plan(0, List.of(), List.of()), PATCHES));

        assertThat((List<?>) config.get("kubeadmConfigPatches"))
                .extracting(patch -> ((Map<?, ?>) new Yaml().load((String) patch)).get("kind"))
                .isEqualTo(List.of(
                        "ClusterConfiguration",
                        "ClusterConfiguration",
                        "InitConfiguration",
                        "KubeletConfiguration",
                        "KubeProxyConfiguration"));
    }

    @Test
    void onlyWhereNodesJoinAreThereTokensToJoinWith() {
        assertThat(KindConfig.render(plan(0, List.of(), List.of()), PATCHES)).contains("bootstrap-token");
        assertThat(KindConfig.render(plan(1, List.of(), List.of()), PATCHES)).doesNotContain("bootstrap-token");
    }

    @Test
    void rendersTheSameAgain() {
        var plan = plan(1, List.of(new PortMapping(15001, 30432), new PortMapping(15002, 30379)), List.of());

        assertThat(KindConfig.render(plan, PATCHES)).isEqualTo(KindConfig.render(plan, PATCHES));
    }

    @Test
    @SuppressWarnings("unchecked") // What a YAML reader makes is checked by what follows.
    void theSchedulerCanReadTheFileThatItIsToldToUse() {
        Map<String, Object> config = new Yaml().load(KindConfig.render(plan(0, List.of(), List.of()), PATCHES));

        var schedulers = ((List<String>) requireNonNull(config.get("kubeadmConfigPatches")))
                .stream()
                        .map(patch -> (Map<String, Object>) new Yaml().<Object>load(patch))
                        .filter(patch -> "ClusterConfiguration".equals(patch.get("kind")))
                        .map(patch -> (Map<String, Object>) requireNonNull(patch.get("scheduler")))
                        .toList();

        assertThat(schedulers).hasSize(2).allSatisfy(scheduler -> {
            var volumes = (List<Map<String, String>>) requireNonNull(scheduler.get("extraVolumes"));
            var file = volumes.get(0).get("mountPath");
            assertThat(volumes.get(0)).containsEntry("hostPath", file);
            // A map in v1beta3, a list in v1beta4.
            assertThat(String.valueOf(scheduler.get("extraArgs"))).containsPattern("kubeconfig(=|, value=)" + file);
        });
    }
}
