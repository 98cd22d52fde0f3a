package dev.envctl.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.envctl.engine.FakeEngine;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ClusterRemainsTest {
    private static final ClusterName OURS = new ClusterName("e2e", "0123abcd");
    private static final ClusterName THEIRS = new ClusterName("e2e", "ffffffff");
    private static final String NODE = "envctl-e2e-0123abcd-control-plane";
    private static final String WORKER = "envctl-e2e-0123abcd-worker2";

    private final FakeEngine engine = new FakeEngine();
    private final ClusterRemains remains = new ClusterRemains(engine, OURS);

    private List<String> removed() {
        return remains.remove(() -> {});
    }

    private void makeNode(ClusterName cluster, String node) {
        engine.container(node, Map.of(KindCluster.CLUSTER_LABEL, cluster.toString()));
        engine.volume("volume-of-" + node, Map.of(node, "true"));
    }

    private void makeNetwork(ClusterName cluster) {
        new KindCluster(new FakeKind(), engine, cluster).createNetwork(1, Path.of("/project/.envctl/e2e"));
    }

    @Test
    void findsNodesTheirVolumesAndTheNetwork() {
        makeNode(OURS, NODE);
        makeNode(OURS, WORKER);
        makeNetwork(OURS);

        assertThat(remains.list())
                .containsExactlyInAnyOrder(
                        "container " + NODE,
                        "container " + WORKER,
                        "volume volume-of-" + NODE,
                        "volume volume-of-" + WORKER,
                        "network " + OURS);
    }

    @Test
    void removesAllOfItAndSaysWhatThereWas() {
        makeNode(OURS, NODE);
        makeNetwork(OURS);

        var there = remains.list();

        assertThat(removed()).isEqualTo(there).hasSize(3);
        assertThat(engine.isEmpty()).isTrue();
        assertThat(remains.list()).isEmpty();
    }

    @Test
    void removesNodesBeforeTheirVolumesAndTheNetworkLast() {
        makeNode(OURS, NODE);
        makeNetwork(OURS);

        removed();

        assertThat(engine.removed).containsExactly(NODE, "volume-of-" + NODE, OURS.toString());
    }

    /** Whoever is killed meanwhile leaves labels by which it is found, and all that goes with it. */
    @Test
    void keepsTheNetworkUntilAllElseIsGone() {
        makeNode(OURS, NODE);
        makeNetwork(OURS);
        var left = new ArrayList<String>();

        remains.remove(() -> left.addAll(remains.list()));

        assertThat(left).containsExactly("network " + OURS);
    }

    @Test
    void leavesOtherClustersAlone() {
        makeNode(THEIRS, THEIRS.controlPlane());
        makeNetwork(THEIRS);
        engine.volume("data", Map.of("app", "database"));
        engine.volume("similar", Map.of(NODE + "-of-somebody", "true"));

        assertThat(removed()).isEmpty();
        assertThat(engine.removed).isEmpty();
    }

    @Test
    void removesANodeByNameThatTheEngineDoesNotListButMadeAVolumeFor() {
        engine.volume("volume-of-" + NODE, Map.of(NODE, "true"));

        removed();

        assertThat(engine.removed).isEqualTo(List.of(NODE, "volume-of-" + NODE));
    }

    @Test
    void canBeAskedTwice() {
        makeNode(OURS, NODE);

        removed();

        assertThat(removed()).isEmpty();
    }

    @Test
    void tellsWhatDoesNotGo() {
        makeNode(OURS, NODE);
        engine.refusesOnce("volume-of-" + NODE);

        assertThatThrownBy(this::removed).hasMessageContaining("is in use");
        assertThat(remains.list()).containsExactly("volume volume-of-" + NODE);
    }
}
