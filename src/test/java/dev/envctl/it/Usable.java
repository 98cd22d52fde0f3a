package dev.envctl.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.envctl.kubernetes.HttpKubernetesApi;
import dev.envctl.kubernetes.Kubeconfig;
import dev.envctl.readiness.Deadline;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import redis.clients.jedis.Jedis;

/** Whether an environment does what it is there for, asked from the outside with what its leases say. */
final class Usable {
    private Usable() {}

    static void assertUsable(Project project, String name) {
        var handOff = project.handOff(name);
        assertThat(handOff.get("state").getAsString()).isEqualTo("ready");
        for (var worker : handOff.getAsJsonArray("workers")) {
            var lease =
                    project.json(Path.of(worker.getAsJsonObject().get("file").getAsString()));
            var postgres = lease.getAsJsonObject("postgres");
            assertPostgres(
                    "jdbc:postgresql://%s:%d/%s"
                            .formatted(
                                    postgres.get("host").getAsString(),
                                    postgres.get("port").getAsInt(),
                                    postgres.get("database").getAsString()),
                    postgres.get("user").getAsString(),
                    postgres.get("password").getAsString());
            assertRedis(lease.getAsJsonObject("redis").get("url").getAsString());
        }
        assertNodes(Path.of(handOff.getAsJsonObject("cluster").get("kubeconfig").getAsString()));
    }

    private static void assertPostgres(String url, String user, String password) {
        try (var connection = DriverManager.getConnection(url, user, password);
                var statement = connection.createStatement();
                var result = statement.executeQuery("SELECT 41 + 1")) {
            assertThat(result.next()).isTrue();
            assertThat(result.getInt(1)).isEqualTo(42);
        } catch (SQLException e) {
            throw new AssertionError(url + " does not answer", e);
        }
    }

    private static void assertRedis(String url) {
        try (var redis = new Jedis(URI.create(url))) {
            assertThat(redis.ping()).isEqualTo("PONG");
        }
    }

    private static void assertNodes(Path kubeconfig) {
        try (var api = new HttpKubernetesApi(Kubeconfig.parse(Files.readString(kubeconfig)))) {
            assertThat(api.list("v1", "Node", "", "", Deadline.in(Duration.ofSeconds(10))))
                    .isNotEmpty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
