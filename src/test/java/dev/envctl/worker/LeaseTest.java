package dev.envctl.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeaseTest {
    static final String FILE = """
            ENVCTL_WORKER=3
            ENVCTL_LEASE=w3-5f0c9d21
            ENVCTL_TEST_ID=w3-5f0c9d21
            ENVCTL_API=http://127.0.0.1:41233
            ENVCTL_TOKEN=secret
            KUBECONFIG='/a project/.envctl/e2e/workers/3.kubeconfig'
            ENVCTL_NAMESPACE=worker-3
            PGHOST=127.0.0.1
            PGPORT=15001
            PGUSER=worker_3
            PGPASSWORD='it'\\''s'
            PGDATABASE=worker_3
            DATABASE_URL=postgresql://worker_3:x@127.0.0.1:15001/worker_3
            REDIS_URL=redis://worker-3:x@127.0.0.1:15002/3
            ENVCTL_PORTS=15040-15049
            ENVCTL_NODE_PORTS=15050:30000,15051:30001
            """;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private Lease lease() throws IOException {
        var file = Files.writeString(folder.resolve("3.env"), FILE);
        return Lease.read(file);
    }

    @Test
    void readsEverythingThatIsInTheFile() throws IOException {
        var lease = lease();

        assertThat(lease.worker()).isEqualTo(3);
        assertThat(lease.id()).isEqualTo("w3-5f0c9d21");
        assertThat(lease.jdbcUrl()).isEqualTo("jdbc:postgresql://127.0.0.1:15001/worker_3");
        assertThat(lease.databaseUrl()).startsWith("postgresql://worker_3:");
        assertThat(lease.databaseUser()).isEqualTo("worker_3");
        assertThat(lease.databasePassword()).isEqualTo("it's");
        assertThat(lease.redisUrl()).endsWith("/3");
        assertThat(lease.namespace()).isEqualTo("worker-3");
        assertThat(lease.kubeconfig()).isEqualTo(Path.of("/a project/.envctl/e2e/workers/3.kubeconfig"));
        assertThat(lease.environment()).isEqualTo(Path.of("/a project/.envctl/e2e"));
        assertThat(lease.ports()).isEqualTo(new Ports(15040, 15049));
        assertThat(lease.ports().stream()).hasSize(10).startsWith(15040);
        assertThat(lease.nodePorts()).isEqualTo(Map.of(30000, 15050, 30001, 15051));
    }

    @Test
    void givesEachTestAnotherId() throws IOException {
        var lease = lease();

        assertThat(lease.nextTestId()).isEqualTo("w3-5f0c9d21-1");
        assertThat(lease.nextTestId()).isEqualTo("w3-5f0c9d21-2");
    }

    @Test
    void keepsSecretsOutOfWhatIsPrinted() throws IOException {
        assertThat(lease()).hasToString("lease w3-5f0c9d21 of worker 3");
    }

    @Test
    void saysWhichServiceThereIsNot() throws IOException {
        var file = Files.writeString(folder.resolve("3.env"), FILE.replaceAll("REDIS_URL=.*\n", ""));
        var lease = Lease.read(file);

        assertThatThrownBy(lease::redisUrl)
                .isInstanceOf(LeaseException.class)
                .hasMessageContaining("worker 3 has no REDIS_URL");
    }

    @Test
    void namesTheFileThatIsNotThere() {
        assertThatThrownBy(() -> Lease.read(folder.resolve("9.env")))
                .isInstanceOf(LeaseException.class)
                .hasMessageContaining("There is no lease " + folder.resolve("9.env"));
    }

    @Test
    void saysThatTheEnvironmentHasFewerWorkers() throws IOException {
        Files.writeString(folder.resolve("1.env"), FILE);

        assertThatThrownBy(() -> Lease.read(folder.resolve("9.env")))
                .hasMessageContaining("set workers.count to as many as there are test processes at a time");
    }

    @Test
    void refusesWhatIsNoLease() {
        assertThatThrownBy(() -> new Lease(Map.of("ENVCTL_WORKER", "1")))
                .isInstanceOf(LeaseException.class)
                .hasMessageContaining("ENVCTL_TEST_ID");
    }
}
