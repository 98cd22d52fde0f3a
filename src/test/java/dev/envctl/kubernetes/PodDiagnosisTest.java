package dev.envctl.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.envctl.FailureKind;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PodDiagnosisTest {
    private static PodVerdict diagnose(String capture) {
        return PodDiagnosis.of(Captured.pod(capture), Captured.events(capture), Instant.parse("2026-11-21T12:00:00Z"));
    }

    private static PodVerdict waiting(String reason, String message, List<Map<String, Object>> events) {
        Map<String, Object> status = Map.of(
                "name",
                "main",
                "image",
                "registry.example/x@sha256:429404",
                "state",
                Map.of("waiting", Map.of("reason", reason, "message", message)));
        return PodDiagnosis.of(
                Map.of(
                        "metadata",
                        Map.of("name", "p"),
                        "status",
                        Map.of("phase", "Pending", "containerStatuses", List.of(status))),
                events,
                Instant.EPOCH);
    }

    @Test
    void saysReadyWhenThePodIsReady() {
        assertThat(diagnose("ready").state()).isEqualTo(PodVerdict.State.READY);
    }

    @Test
    void givesUpOnACrashLoopWithTheExitCode() {
        var verdict = diagnose("crash-loop");

        assertThat(verdict.isHopeless()).isTrue();
        assertThat(verdict.reason())
                .isEqualTo("pod/postgres-798c4fcf87-wsjvl container postgres: "
                        + "waiting: CrashLoopBackOff, last exit code 1, 1 restart");
    }

    @Test
    void waitsAfterTheFirstCrash() {
        var verdict = diagnose("crashed-once");

        assertThat(verdict.state()).isEqualTo(PodVerdict.State.NOT_YET);
        assertThat(verdict.reason()).endsWith("ended: exit code 1");
    }

    @Test
    void namesLimitAndSettingWhenAChildOfTheServiceWasKilledForMemory() {
        var verdict = diagnose("oom-killed-child");

        assertThat(verdict.reason()).contains("OOM killed at its limit of 16Mi, exit code 1 (OOMKilled)");
        assertThat(verdict.remedy()).isEqualTo("Raise services.postgres.resources.memory.");
        assertThat(verdict.isHopeless()).isTrue();
    }

    @Test
    void namesTheContainerWhenAnotherPodWasKilledForMemory() {
        var verdict = diagnose("oom-137");

        assertThat(verdict.reason()).contains("OOM killed at its limit of 32Mi");
        assertThat(verdict.remedy()).isEqualTo("Raise the memory limit of container main.");
    }

    @Test
    void suspectsMemoryWhenTheRuntimeOnlySaysKilled() {
        Map<String, Object> status =
                Map.of("name", "main", "state", Map.of("terminated", Map.of("exitCode", 137L, "reason", "Error")));
        var verdict = PodDiagnosis.of(
                Map.of("metadata", Map.of("name", "p"), "status", Map.of("containerStatuses", List.of(status))),
                List.of(),
                Instant.EPOCH);

        assertThat(verdict.isHopeless()).isTrue();
        assertThat(verdict.reason()).contains("exit code 137, most likely for memory");
    }

    @Test
    void seesThatNotEvenTheSandboxFittedIntoTheMemory() {
        assertThat(diagnose("sandbox-fails").reason()).contains("OOM killed at its limit of 100Ki");
    }

    @Test
    void givesUpOnAnImageThatMustNotBePulled() {
        var verdict = diagnose("image-never-pull");

        assertThat(verdict.isHopeless()).isTrue();
        assertThat(verdict.kind()).isEqualTo(FailureKind.IMAGE);
        assertThat(verdict.reason()).contains("ErrImageNeverPull").contains("@sha256:0000");
    }

    @Test
    void givesUpOnAnImageNameThatIsNone() {
        assertThat(diagnose("invalid-image-name").kind()).isEqualTo(FailureKind.IMAGE);
    }

    @Test
    void waitsWhenTheRegistryCannotBeFound() {
        var verdict = diagnose("pull-fails");

        assertThat(verdict.state()).isEqualTo(PodVerdict.State.NOT_YET);
        assertThat(verdict.reason()).contains("no such host");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "unexpected status code https://registry.example/v2/: 404 Not Found",
                "failed to authorize: 401 Unauthorized",
                "pull access denied, repository does not exist"
            })
    void givesUpWhenTheRegistryRefuses(String message) {
        assertThat(waiting("ErrImagePull", message, List.of()).isHopeless()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "429 Too Many Requests - toomanyrequests: the limit was reached, see /denied",
                "net/http: TLS handshake timeout",
                "dial tcp 10.0.0.1:443: i/o timeout"
            })
    void waitsWhenTheRegistryIsBusy(String message) {
        assertThat(waiting("ImagePullBackOff", message, List.of()).isHopeless()).isFalse();
    }

    @Test
    void findsTheRefusalInTheEventsWhenTheStatusDoesNotTellIt() {
        Map<String, Object> event = Map.of("message", "Failed to pull image \"x\": manifest unknown");

        assertThat(waiting("ImagePullBackOff", "Back-off pulling image", List.of(event))
                        .isHopeless())
                .isTrue();
    }

    @Test
    void doesNotTakeNumbersInADigestForAStatus() {
        var message = "Back-off pulling image \"x@sha256:404401403\"";

        assertThat(waiting("ImagePullBackOff", message, List.of()).isHopeless()).isFalse();
    }

    @Test
    void givesUpOnASecretThatIsMissing() {
        var verdict = diagnose("missing-secret");

        assertThat(verdict.isHopeless()).isTrue();
        assertThat(verdict.reason()).contains("CreateContainerConfigError: secret \"absent\" not found");
    }

    @Test
    void givesUpOnACommandThatIsNotThere() {
        var verdict = diagnose("bad-command");

        assertThat(verdict.isHopeless()).isTrue();
        assertThat(verdict.reason()).contains("cannot start").contains("stat /nonexistent");
    }

    @Test
    void quotesTheLastProbe() {
        var verdict = diagnose("probe-fails");

        assertThat(verdict.state()).isEqualTo(PodVerdict.State.NOT_YET);
        assertThat(verdict.reason()).contains("Unhealthy: Readiness probe failed: dial tcp");
    }

    @Test
    void givesUpOnAPodWithoutRoomAfterTenSeconds() {
        var pod = Captured.pod("unschedulable");
        var since = Instant.parse(
                Fields.of(pod).condition("PodScheduled").orElseThrow().text("lastTransitionTime"));

        assertThat(PodDiagnosis.of(pod, List.of(), since.plusSeconds(9)).isHopeless())
                .isFalse();
        var later = PodDiagnosis.of(pod, List.of(), since.plusSeconds(10));
        assertThat(later.isHopeless()).isTrue();
        assertThat(later.reason()).contains("unschedulable: 0/1 nodes are available: 1 Insufficient memory");
    }

    @Test
    void waitsForANodeThatIsStillStarting() {
        Map<String, Object> condition = Map.of(
                "type",
                "PodScheduled",
                "status",
                "False",
                "lastTransitionTime",
                "2026-01-01T00:00:00Z",
                "message",
                "1 node(s) had untolerated taint {node.kubernetes.io/not-ready: }");
        var pod = Map.<String, Object>of(
                "metadata", Map.of("name", "p"), "status", Map.of("conditions", List.of(condition)));

        assertThat(PodDiagnosis.of(pod, List.of(), Instant.parse("2026-01-01T01:00:00Z"))
                        .isHopeless())
                .isFalse();
    }
}
