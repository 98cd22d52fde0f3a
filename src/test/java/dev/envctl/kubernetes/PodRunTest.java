package dev.envctl.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.envctl.readiness.Deadline;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PodRunTest {
    private final FakeKubernetesApi api = new FakeKubernetesApi();

    private PodRun read(Map<String, Object> metadata, Map<String, Object> status) {
        var named = new HashMap<>(metadata);
        named.putAll(Map.of("name", "api-x", "namespace", "worker-5", "uid", "1"));
        api.pods.add(Map.of("apiVersion", "v1", "kind", "Pod", "metadata", named, "status", status));
        return PodRun.list(api, "worker-5", "", "suite", Deadline.in(Duration.ofSeconds(1)))
                .get(0);
    }

    private static Map<String, Object> container(String name, Map<String, Object> state) {
        return Map.of("name", name, "restartCount", 0L, "state", state);
    }

    private static Map<String, Object> terminated(long exitCode, String reason) {
        return Map.of("terminated", Map.of("exitCode", exitCode, "reason", reason, "message", ""));
    }

    @Test
    void tellsOfTheContainerThatWorksAndNotOfItsCompanion() {
        var pod = read(
                Map.of(),
                Map.of(
                        "phase",
                        "Running",
                        "containerStatuses",
                        List.of(
                                container("keeper", Map.of("running", Map.of("startedAt", "…"))),
                                container("suite", terminated(3, "Error")))));

        assertThat(pod.end().orElseThrow().exitCode()).isEqualTo(3);
        assertThat(pod.trouble()).isEmpty();
        assertThat(pod.companion()).isEmpty();
    }

    @Test
    void saysThatACompanionCannotStart() {
        var pod = read(
                Map.of(),
                Map.of(
                        "phase",
                        "Running",
                        "containerStatuses",
                        List.of(
                                container("keeper", terminated(128, "StartError")),
                                container("suite", Map.of("running", Map.of())))));

        assertThat(pod.end()).isEmpty();
        assertThat(pod.companion()).isEqualTo("StartError");
    }

    @Test
    void seesThatAPodWasTakenAway() {
        var ended = List.of(container("suite", terminated(0, "Completed")));

        assertThat(read(
                                Map.of("deletionTimestamp", "2026-01-01T00:00:00Z"),
                                Map.of("phase", "Running", "containerStatuses", ended))
                        .taken())
                .isEqualTo("deleted by somebody");
        api.pods.clear();
        assertThat(read(
                                Map.of(),
                                Map.of(
                                        "phase",
                                        "Failed",
                                        "reason",
                                        "Evicted",
                                        "message",
                                        "The node was low on resource: memory.",
                                        "containerStatuses",
                                        ended))
                        .taken())
                .isEqualTo("Evicted: The node was low on resource: memory.");
    }

    @Test
    void seesThatKubernetesHasEndedItForItsTime() {
        var pod = read(Map.of(), Map.of("phase", "Failed", "reason", "DeadlineExceeded"));

        assertThat(pod.expired()).isTrue();
        assertThat(pod.taken()).isEmpty();
    }

    @Test
    void namesWhyItCannotStart() {
        var waiting = Map.<String, Object>of(
                "waiting", Map.of("reason", "ErrImageNeverPull", "message", "it is not present"));
        var pod = read(Map.of(), Map.of("phase", "Pending", "containerStatuses", List.of(container("suite", waiting))));

        assertThat(pod.hopeless()).isTrue();
        assertThat(pod.trouble()).contains("container suite", "ErrImageNeverPull");
    }
}
