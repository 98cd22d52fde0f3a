package dev.envctl.suite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.envctl.kubernetes.PodRun;
import dev.envctl.kubernetes.PodRun.End;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SuitePodsTest {
    private final SuitePods pods = new SuitePods("64Mi");

    private static PodRun running() {
        return pod("Running", null, "");
    }

    private static PodRun ended(int exitCode, String reason) {
        return pod("Running", new End(exitCode, reason, "", "", ""), "");
    }

    private static PodRun pod(String phase, @org.jspecify.annotations.Nullable End end, String taken) {
        return new PodRun("api-x", "1", "node", phase, Optional.ofNullable(end), 0, taken, false, "", false, "", "");
    }

    private Outcome outcome(PodRun... now) {
        pods.look(List.of(now));
        return pods.ending().orElseThrow().outcome();
    }

    @Test
    void worksOnWhileNothingHasEnded() {
        pods.look(List.of(running()));

        assertThat(pods.ending()).isEmpty();
        assertThat(pods.begun()).isPresent();
    }

    @Test
    void believesExitCodes() {
        assertThat(outcome(ended(0, "Completed"))).isEqualTo(Outcome.PASSED);
        assertThat(outcome(ended(3, "Error"))).isEqualTo(Outcome.FAILED);
        assertThat(pods.ending().orElseThrow().reason()).isEqualTo("exit code 3");
    }

    @Test
    void isNotGreenWhereAProcessWasKilledForMemoryAndTheRestWentOn() {
        assertThat(outcome(ended(0, "OOMKilled"))).isEqualTo(Outcome.FAILED);
        assertThat(pods.ending().orElseThrow().reason()).isEqualTo("OOM killed at its limit of 64Mi, exit code 0");
    }

    @Test
    void neverTakesWhatIsGoneForDone() {
        pods.look(List.of(running()));

        assertThat(outcome()).isEqualTo(Outcome.UNKNOWN);
        assertThat(pods.all()).hasSize(1);
        assertThat(pods.isGone(running())).isTrue();
    }

    @Test
    void doesNotBelieveAPodThatWasTakenAway() {
        assertThat(outcome(pod("Failed", new End(0, "Completed", "", "", ""), "Evicted: the node was low on memory")))
                .isEqualTo(Outcome.UNKNOWN);
        assertThat(outcome(pod("Succeeded", null, ""))).isEqualTo(Outcome.UNKNOWN);
        assertThat(outcome(pod("Unknown", null, ""))).isEqualTo(Outcome.UNKNOWN);
    }

    @Test
    void namesWhyAPodWillNeverStart() {
        var stuck = new PodRun(
                "api-x", "1", "", "Pending", Optional.empty(), 0, "", false, "ErrImageNeverPull", true, "Get it", "");

        assertThat(outcome(stuck)).isEqualTo(Outcome.FAILED);
        assertThat(pods.ending().orElseThrow().reason()).isEqualTo("ErrImageNeverPull. Get it");
        assertThat(pods.begun()).isEmpty();
    }
}
