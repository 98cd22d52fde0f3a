package dev.envctl.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.envctl.readiness.Deadline;
import dev.envctl.readiness.Wait;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NodeUsageTest {
    /** As the kubelet of Kubernetes 1.34 answers, but for what is not read. */
    private static final String SUMMARY = """
            {"node": {"nodeName": "a-control-plane", "memory": {"availableBytes": 900, "workingSetBytes": 100}},
             "pods": [
               {"podRef": {"name": "postgres-5d-x", "namespace": "envctl"},
                "containers": [{"name": "postgres", "memory": {"workingSetBytes": 40}},
                               {"name": "beside", "memory": {"workingSetBytes": 2}}]},
               {"podRef": {"name": "starting", "namespace": "worker-1"}, "containers": []}]}
            """;

    @Test
    void readsWhatTheKubeletSays() {
        var transport = new FakeTransport()
                .on("GET /api/v1/nodes/a-control-plane/proxy/stats/summary?only_cpu_and_memory=true", 200, SUMMARY);
        try (var api = new HttpKubernetesApi(transport, new Wait())) {
            assertThat(api.usage("a-control-plane", Deadline.in(Duration.ofSeconds(1))))
                    .isEqualTo(new NodeUsage(
                            "a-control-plane", 100, 900, Map.of("envctl/postgres-5d-x", 42L, "worker-1/starting", 0L)));
        }
    }
}
