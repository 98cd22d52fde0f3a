package dev.envctl.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.envctl.EnvctlException;
import dev.envctl.readiness.Answer;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkloadReadinessTest {
    private static final ObjectReference POSTGRES = ObjectReference.deployment("envctl", "postgres");

    private final FakeKubernetesApi api = new FakeKubernetesApi();
    private final WorkloadReadiness readiness =
            new WorkloadReadiness(api, InstantSource.fixed(Instant.parse("2026-11-21T12:00:00Z")));

    private void deployed() {
        api.objects.put(POSTGRES, ManifestFiles.parse("test", """
                        apiVersion: apps/v1
                        kind: Deployment
                        metadata: {name: postgres, namespace: envctl, generation: 1}
                        spec: {replicas: 1, selector: {matchLabels: {a: b}}}
                        status: {observedGeneration: 1, replicas: 1, updatedReplicas: 1}
                        """).get(0).object());
    }

    private static String reason(Answer<?> answer) {
        return answer instanceof Answer.NotYet<?> notYet ? notYet.reason() : answer.toString();
    }

    private static EnvctlException failure(Answer<?> answer) {
        return ((Answer.Hopeless<?>) answer).failure();
    }

    @Test
    void waitsForAnObjectThatDoesNotExistYet() {
        assertThat(reason(readiness.ask(POSTGRES)))
                .isEqualTo("deployment/postgres in namespace envctl does not exist yet");
    }

    @Test
    void saysWhatThePodsSay() {
        deployed();
        api.pods.add(Captured.pod("crashed-once"));

        assertThat(reason(readiness.ask(POSTGRES)))
                .isEqualTo("deployment/postgres in namespace envctl: 0 of 1 replicas available, "
                        + "pod/postgres-798c4fcf87-wsjvl container postgres: ended: exit code 1");
    }

    @Test
    void endsOnACrashLoopWithTheLastLogLine() {
        deployed();
        api.pods.add(Captured.pod("crash-loop"));
        api.events = Captured.events("crash-loop");
        api.logs.put("postgres", List.of("starting", "FATAL:  unrecognized configuration parameter \"nonsense\""));

        var failure = failure(readiness.ask(POSTGRES));

        assertThat(failure.problem())
                .endsWith(
                        "1 restart. The last line in the log of postgres: FATAL:  unrecognized configuration parameter \"nonsense\"");
        assertThat(failure.details())
                .contains(
                        "container postgres: waiting (CrashLoopBackOff), 1 restarts, last end Error (exit code 1), image "
                                + "localhost/envctl/postgres:ad75d2fac1a7")
                .anyMatch(line -> line.startsWith("event: Warning BackOff: Back-off restarting failed container"))
                .contains("log of postgres: starting");
    }

    @Test
    void showsALogOnceThatTheServerGivesTwice() {
        deployed();
        api.pods.add(Captured.pod("crash-loop"));
        api.logs.put("postgres", List.of("only"));
        api.logs.put("postgres previous", List.of("only"));

        assertThat(failure(readiness.ask(POSTGRES)).details())
                .filteredOn(line -> line.startsWith("log"))
                .containsExactly("log of postgres: only");
    }

    @Test
    void answersUnknownWhenTheServerDoesNotAnswer() {
        api.down = true;

        assertThat(reason(readiness.ask(POSTGRES))).isEqualTo("unknown: nobody answers");
    }

    @Test
    void endsWhenTheNamespaceForbidsThePods() {
        api.objects.put(POSTGRES, ManifestFiles.parse("test", """
                        apiVersion: apps/v1
                        kind: Deployment
                        metadata: {name: postgres, namespace: envctl, generation: 1}
                        spec: {selector: {matchLabels: {a: b}}}
                        status:
                          observedGeneration: 1
                          conditions: [{type: ReplicaFailure, status: "True", message: 'violates PodSecurity "restricted"'}]
                        """).get(0).object());

        assertThat(failure(readiness.ask(POSTGRES)).problem())
                .contains("may not create its pods: violates PodSecurity");
    }

    @Test
    void joinsTheReasonsOfAllThatAreNotReady() {
        var node = new ObjectReference("v1", "Node", "", "n");
        api.objects.put(node, Map.of("kind", "Node", "metadata", Map.of("name", "n")));

        assertThat(reason(readiness.askAll(List.of(node, POSTGRES))))
                .isEqualTo("node/n: not Ready; deployment/postgres in namespace envctl does not exist yet");
    }
}
