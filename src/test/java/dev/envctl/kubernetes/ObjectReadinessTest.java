package dev.envctl.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.envctl.readiness.Answer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObjectReadinessTest {
    private static Answer<Map<String, Object>> judge(String yaml) {
        return ObjectReadiness.judge(ManifestFiles.parse("test", yaml).get(0).object());
    }

    private static String reason(Answer<?> answer) {
        return answer instanceof Answer.NotYet<?> notYet ? notYet.reason() : answer.toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"node-ready", "deployment-available", "daemonset-ready"})
    void believesWhatARealServerCallsReady(String capture) {
        assertThat(ObjectReadiness.judge(Captured.object(capture))).isInstanceOf(Answer.Ready.class);
    }

    @Test
    void doesNotBelieveADeploymentWhoseControllerLagsBehind() {
        var lagging = judge("""
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: d, namespace: n, generation: 2}
                spec: {replicas: 1}
                status: {observedGeneration: 1, replicas: 1, updatedReplicas: 1, availableReplicas: 1}
                """);

        assertThat(reason(lagging))
                .isEqualTo("deployment/d in namespace n: its controller has not seen the last change yet");
    }

    @Test
    void countsReplicasThatAreOldOrNotAvailable() {
        var rolling = judge("""
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: d, namespace: n, generation: 1}
                spec: {replicas: 2}
                status: {observedGeneration: 1, replicas: 3, updatedReplicas: 1, availableReplicas: 1}
                """);

        assertThat(reason(rolling))
                .endsWith("1 of 2 replicas available, 1 of 2 replicas updated, 1 old replicas still there");
    }

    @Test
    void isReadyWithoutReplicasWhenNoneAreWanted() {
        var none = judge("""
                apiVersion: apps/v1
                kind: StatefulSet
                metadata: {name: s, namespace: n, generation: 1}
                spec: {replicas: 0}
                status: {observedGeneration: 1}
                """);

        assertThat(none).isInstanceOf(Answer.Ready.class);
    }

    @Test
    void givesUpOnAJobThatFailed() {
        var failed = judge("""
                apiVersion: batch/v1
                kind: Job
                metadata: {name: j, namespace: n}
                status: {conditions: [{type: Failed, status: "True", message: Job has reached the backoff limit}]}
                """);

        assertThat(failed)
                .isInstanceOfSatisfying(
                        Answer.Hopeless.class,
                        hopeless -> assertThat(hopeless.failure().problem())
                                .isEqualTo("job/j in namespace n failed: Job has reached the backoff limit"));
    }

    @Test
    void waitsForAClaimToBeBound() {
        var pending = judge("""
                apiVersion: v1
                kind: PersistentVolumeClaim
                metadata: {name: c, namespace: n}
                status: {phase: Pending}
                """);

        assertThat(reason(pending)).endsWith("not bound (phase Pending)");
    }

    @Test
    void takesAnUnknownKindForReadyWhenItSaysNothing() {
        assertThat(judge("{apiVersion: example.com/v1, kind: Widget, metadata: {name: w}}"))
                .isInstanceOf(Answer.Ready.class);
    }

    @Test
    void believesAnUnknownKindThatSaysItIsNotReady() {
        var widget = Map.<String, Object>of(
                "apiVersion",
                "example.com/v1",
                "kind",
                "Widget",
                "metadata",
                Map.of("name", "w"),
                "status",
                Map.of(
                        "conditions",
                        List.of(Map.of("type", "Ready", "status", "Unknown", "message", "still painting"))));

        assertThat(reason(ObjectReadiness.judge(widget))).isEqualTo("widget/w: not Ready: still painting");
    }
}
