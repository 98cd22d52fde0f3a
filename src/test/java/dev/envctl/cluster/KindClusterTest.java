package dev.envctl.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.engine.Execution;
import dev.envctl.engine.FakeEngine;
import dev.envctl.readiness.Deadline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KindClusterTest {
    private static final ClusterName NAME = new ClusterName("e2e", "0123abcd");
    private static final ClusterPlan PLAN = new ClusterPlan(NAME, "node:v1", 0, 15000, List.of(), List.of());

    @TempDir
    private Path scratch = Path.of("");

    private final FakeKind kind = new FakeKind();
    private final FakeEngine engine = new FakeEngine();
    private final KindCluster cluster = new KindCluster(kind, engine, NAME);
    private final List<String> log = new ArrayList<>();

    private void create() {
        cluster.create(PLAN, scratch, Path.of("/project/kubeconfig"), log::add, Deadline.in(Duration.ofMinutes(5)));
    }

    private static String captured() throws IOException {
        try (var stream = KindClusterTest.class.getResourceAsStream("kind-0.33.0/kubeadm-fails.txt")) {
            return new String(Objects.requireNonNull(stream).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void asksKindForAClusterThatIsKeptWhenItFails() {
        create();

        assertThat(kind.asked)
                .singleElement()
                .satisfies(command -> assertThat(command.paste())
                        .isEqualTo("kind create cluster --name envctl-e2e-0123abcd --config %s"
                                        .formatted(scratch.resolve("kind.yaml"))
                                + " --kubeconfig /project/kubeconfig --retain --verbosity 1"));
    }

    @Test
    void tellsKindWhichEngineAndNetworkToUseAndKeepsItFromTheUsersKubeconfig() {
        create();

        assertThat(kind.asked.get(0).environment())
                .isEqualTo(Map.of(
                        "KIND_EXPERIMENTAL_PROVIDER",
                        "podman",
                        "KIND_EXPERIMENTAL_PODMAN_NETWORK",
                        "envctl-e2e-0123abcd",
                        "KUBECONFIG",
                        ""));
    }

    @Test
    void endsKindByItsDeadlineAndNotByTheUsersTerminal() {
        create();

        assertThat(kind.asked.get(0).timeout()).isBetween(Duration.ofMinutes(4), Duration.ofMinutes(5));
        assertThat(kind.asked.get(0).ownSession()).isTrue();
    }

    @Test
    void writesTheConfigurationForItsOwnerOnly() throws IOException {
        create();

        var config = scratch.resolve("kind.yaml");
        assertThat(config).hasContent(KindConfig.render(PLAN, scratch.resolve("patches")));
        assertThat(Files.getPosixFilePermissions(config)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(scratch.resolve("patches").resolve(KindConfig.COREDNS_FILE)).hasContent(KindConfig.COREDNS);
    }

    @Test
    void namesKubeadmsOwnErrorWhereKubeadmFailed() throws IOException {
        kind.fails(captured());

        var failure = catchThrowableOfType(EnvctlException.class, this::create);

        assertThat(failure.kind()).isEqualTo(FailureKind.FAILED);
        assertThat(failure.problem()).isEqualTo("kind could not create the cluster: invalid phase name: no-such-phase");
        assertThat(failure.details())
                .hasSizeLessThanOrEqualTo(15)
                .contains("[init] Using Kubernetes version: v1.34.4")
                .endsWith("error: invalid phase name: no-such-phase");
        assertThat(log).isEqualTo(captured().lines().toList());
    }

    @Test
    void namesKindsErrorWhereItIsKindThatFailed() {
        kind.fails("""
                Creating cluster "envctl-e2e-0123abcd" ...
                ERROR: failed to create cluster: node(s) already exist for a cluster with the name
                """);

        var failure = catchThrowableOfType(EnvctlException.class, this::create);

        assertThat(failure.problem())
                .isEqualTo("kind could not create the cluster: failed to create cluster: node(s) already exist for a"
                        + " cluster with the name");
    }

    @Test
    void namesTheExitCodeWhereKindSaysNothing() {
        kind.fails("");

        var failure = catchThrowableOfType(EnvctlException.class, this::create);

        assertThat(failure.problem()).isEqualTo("kind could not create the cluster: exit code 1");
    }

    @Test
    void blamesTheEngineWhereThatIsGone() {
        kind.fails("ERROR: failed to create cluster: command \"podman run\" failed");
        engine.beforeNextListing(() -> {
            throw new EnvctlException(FailureKind.FAILED, "Podman does not answer", "");
        });

        var failure = catchThrowableOfType(EnvctlException.class, this::create);

        assertThat(failure.problem()).isEqualTo("Podman does not answer");
    }

    @Test
    void theAdministratorsKubeconfigNamesTheAddressThatWorksFromTheHost() {
        engine.container(NAME.controlPlane(), Map.of(KindCluster.CLUSTER_LABEL, NAME.toString()))
                .executes((node, command) -> new Execution(0, """
                        clusters:
                        - cluster:
                            server: https://envctl-e2e-0123abcd-control-plane:6443
                        users:
                        - user: {client-key-data: eA==}
                        """));

        assertThat(cluster.adminKubeconfig("https://127.0.0.1:15000", Deadline.in(Duration.ofSeconds(5))))
                .get()
                .asString()
                .contains("    server: https://127.0.0.1:15000\n")
                .doesNotContain(":6443");
    }

    @Test
    void aKubeconfigThatIsNotWrittenYetIsNone() {
        engine.container(NAME.controlPlane(), Map.of(KindCluster.CLUSTER_LABEL, NAME.toString()))
                .executes((node, command) -> new Execution(1, ""));

        assertThat(cluster.adminKubeconfig("https://127.0.0.1:15000", Deadline.in(Duration.ofSeconds(5))))
                .isEmpty();
    }

    @Test
    void nothingIsAskedOfANodeThatDoesNotRunYet() {
        assertThat(cluster.adminKubeconfig("https://127.0.0.1:15000", Deadline.in(Duration.ofSeconds(5))))
                .isEmpty();
        assertThat(engine.executed).isEmpty();
    }
}
