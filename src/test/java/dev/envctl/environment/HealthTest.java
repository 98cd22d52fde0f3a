package dev.envctl.environment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.cluster.ClusterName;
import dev.envctl.engine.FakeEngine;
import dev.envctl.kubernetes.PodLife;
import dev.envctl.process.SystemPrograms;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class HealthTest {
    private static final ClusterName CLUSTER = new ClusterName("e2e", "0123abcd");
    private static final PodLife POSTGRES = new PodLife("postgres", "uid-1", 0, true, "");
    private static final PodLife REDIS = new PodLife("redis", "uid-2", 0, true, "");

    private final FakeEngine engine = new FakeEngine();
    private final List<PodLife> pods = new ArrayList<>(List.of(POSTGRES, REDIS));
    private boolean answers = true;
    private long nanos;
    private final Health health = new Health(
            deadline -> pods(),
            () -> {},
            () -> engine,
            new SystemPrograms(),
            CLUSTER,
            List.of(CLUSTER.controlPlane()),
            Path.of(""),
            () -> nanos);

    private List<PodLife> pods() {
        if (!answers) {
            throw new EnvctlException(FailureKind.TIMEOUT, "connection refused", "");
        }
        return List.copyOf(pods);
    }

    private void node() {
        engine.container(CLUSTER.controlPlane(), Map.of("io.x-k8s.kind.cluster", CLUSTER.toString()));
    }

    @Test
    void whatStaysTheSameIsWell() {
        assertThat(health.look().well()).isTrue();
        assertThat(health.look().well()).isTrue();
    }

    @Test
    void aRestartOfRedisIsForGood() {
        health.look();
        pods.set(1, new PodLife("redis", "uid-2", 1, true, "OOMKilled, exit code 137"));

        var finding = health.look();
        assertThat(finding.reason())
                .isEqualTo("redis was restarted (OOMKilled, exit code 137): the users and data of all leases are gone");
        assertThat(finding.lasting()).isTrue();
        assertThat(health.look()).as("the next look").isEqualTo(finding);
    }

    @Test
    void aRestartOfAWorkersOwnRedisConcernsThatWorkerAlone() {
        pods.add(new PodLife("redis-12", "uid-3", 0, true, ""));
        health.look();
        pods.set(2, new PodLife("redis-12", "uid-3", 1, false, "OOMKilled, exit code 137"));
        assertThat(health.look().emptied()).as("while it starts").isEmpty();
        nanos += Duration.ofSeconds(30).toNanos();
        assertThat(health.look().well()).isTrue();
        pods.set(2, new PodLife("redis-12", "uid-3", 1, true, "OOMKilled, exit code 137"));

        var finding = health.look();

        assertThat(finding.well()).isTrue();
        assertThat(finding.emptied()).containsExactly(12);
        assertThat(finding.notices())
                .containsExactly(
                        "redis-12 was restarted (OOMKilled, exit code 137): the data of worker 12 are gone, its lease goes on with an empty server.");
        assertThat(health.look().emptied()).as("the next look").isEmpty();
    }

    @Test
    void aRestartOfPostgresIsToldOnce() {
        health.look();
        pods.set(0, new PodLife("postgres", "uid-1", 1, true, "Error, exit code 1"));

        var finding = health.look();
        assertThat(finding.well()).isTrue();
        assertThat(finding.notices())
                .containsExactly(
                        "postgres was restarted (Error, exit code 1): connections were cut, its data is there.");
        assertThat(health.look().notices()).isEmpty();
    }

    @Test
    void anotherPodIsForGood() {
        health.look();
        pods.set(0, new PodLife("postgres", "uid-3", 0, true, ""));

        var finding = health.look();
        assertThat(finding.reason()).isEqualTo("the pod of postgres was replaced, and what it held is gone");
        assertThat(finding.lasting()).isTrue();
    }

    @Test
    void whatDoesNotAnswerMayHeal() {
        health.look();
        pods.set(0, new PodLife("postgres", "uid-1", 0, false, ""));
        pods.remove(1);
        assertThat(health.look().well()).as("at first").isTrue();
        nanos += Duration.ofSeconds(20).toNanos();

        var finding = health.look();
        assertThat(finding.reason()).contains("postgres does not answer", "the pod of redis is gone");
        assertThat(finding.lasting()).isFalse();
        pods.set(0, POSTGRES);
        pods.add(REDIS);
        assertThat(health.look().well()).isTrue();
    }

    @Test
    void anApiServerMayBeSilentForAWhile() {
        node();
        answers = false;
        nanos += Duration.ofSeconds(19).toNanos();
        assertThat(health.look().well()).isTrue();
        nanos += Duration.ofSeconds(1).toNanos();

        var finding = health.look();
        assertThat(finding.reason()).isEqualTo("its API server does not answer: connection refused");
        assertThat(finding.lasting()).isFalse();
        answers = true;
        assertThat(health.look().well()).isTrue();
    }

    /** A node that was paused for a moment answers a while later. */
    @Test
    void silenceIsNoAnswer() {
        node();
        assertThat(health.look().answered()).isTrue();
        answers = false;

        var finding = health.look();
        assertThat(finding.well()).isTrue();
        assertThat(finding.answered()).isFalse();
    }

    @Test
    void aNodeThatIsGoneIsForGoodAtOnce() {
        answers = false;

        var finding = health.look();
        assertThat(finding.reason()).isEqualTo("its node envctl-e2e-0123abcd-control-plane was removed");
        assertThat(finding.lasting()).isTrue();
    }
}
