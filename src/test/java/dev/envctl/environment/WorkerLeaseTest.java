package dev.envctl.environment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.envctl.process.Command;
import dev.envctl.process.SystemPrograms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkerLeaseTest {
    private final WorkerLease lease = SampleHandOff.lease();

    @TempDir
    Path folder;

    @Test
    void comesBackFromItsFile() throws IOException {
        var file = Files.writeString(folder.resolve("1.json"), lease.json());

        assertThat(WorkerLease.read(file)).contains(lease);
    }

    @Test
    void leavesOutTheServicesThatAreNotThere() throws IOException {
        var without = SampleHandOff.leaseWithoutServices();
        var file = Files.writeString(folder.resolve("2.json"), without.json());

        assertThat(file).content().doesNotContain("postgres", "redis");
        assertThat(WorkerLease.read(file)).contains(without);
        assertThat(without.variables())
                .containsOnlyKeys(
                        "ENVCTL_WORKER",
                        "ENVCTL_LEASE",
                        "ENVCTL_TEST_ID",
                        "ENVCTL_API",
                        "ENVCTL_TOKEN",
                        "KUBECONFIG",
                        "ENVCTL_NAMESPACE",
                        "ENVCTL_CLIENT_NAME",
                        "ENVCTL_PORTS",
                        "ENVCTL_NODE_PORTS",
                        "TRACEPARENT");
    }

    @Test
    void saysToPodsWhatTheyCanReach() {
        var variables = lease.variablesInCluster();

        assertThat(variables)
                .doesNotContainKeys("KUBECONFIG", "ENVCTL_API", "ENVCTL_TOKEN", "ENVCTL_PORTS", "ENVCTL_NODE_PORTS")
                .containsEntry("DATABASE_URL", variables.get("ENVCTL_IN_CLUSTER_DATABASE_URL"))
                .containsEntry("REDIS_URL", variables.get("ENVCTL_IN_CLUSTER_REDIS_URL"));
        assertThat(variables.get("DATABASE_URL"))
                .contains("@%s:%s/".formatted(variables.get("PGHOST"), variables.get("PGPORT")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "no JSON", "[1]", "{\"worker\": \"one\"}"})
    void isEmptyWhereTheFileMakesNoSense(String text) throws IOException {
        assertThat(WorkerLease.read(Files.writeString(folder.resolve("1.json"), text)))
                .isEmpty();
    }

    @Test
    void isEmptyWhereThereIsNoFile() {
        assertThat(WorkerLease.read(folder.resolve("9.json"))).isEmpty();
    }

    @Test
    void writesOneVariableALine() {
        assertThat(lease.env().lines())
                .contains(
                        "ENVCTL_WORKER=1",
                        "KUBECONFIG='/home/a b/.envctl/e2e/workers/1.kubeconfig'",
                        "PGPORT=15001",
                        "ENVCTL_PORTS=15010-15019",
                        "ENVCTL_NODE_PORTS=15010:30000,15011:30001",
                        "ENVCTL_CLIENT_NAME=envctl-worker-1-0a1b2c3d",
                        "TRACEPARENT=00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
                .hasSize(lease.variables().size());
    }

    @Test
    void aShellReadsBackExactlyWhatWasMeant() throws IOException {
        var file = Files.writeString(folder.resolve("1.env"), lease.env());

        lease.variables().forEach((name, value) -> {
            var script = "set -e; . '%s'; printf %%s \"$%s\"".formatted(file, name);
            assertThat(new SystemPrograms()
                            .run(Command.of("sh", "-c", script))
                            .orThrow("")
                            .stripTrailing())
                    .as(name)
                    .isEqualTo(value);
        });
    }
}
