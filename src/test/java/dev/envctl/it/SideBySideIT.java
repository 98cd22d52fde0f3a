package dev.envctl.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Two environments of one project at the same time. */
final class SideBySideIT {
    private static final Duration LIMIT = Duration.ofMinutes(5);

    @Test
    void eachWorksAndEndsByItself() throws Exception {
        var port = freePort();
        try (var project = Project.with("hap-left", Project.small("hap-left")).and("hap-right", """
                apiVersion: envctl.dev/v1
                kind: Environment
                metadata: {name: hap-right}
                services:
                  postgres: {storage: disk, port: %d}
                  redis: {}
                workers: {count: 2}
                """.formatted(port))) {
            var left = project.startEnvctl("up", "-e", "hap-left");
            var right = project.startEnvctl("up", "-e", "hap-right");
            for (var process : List.of(left, right)) {
                var ran = project.await(process, LIMIT);
                assertThat(ran.exitCode()).as(ran.all()).isZero();
            }

            assertThat(ports(project, "hap-left")).doesNotContainAnyElementsOf(ports(project, "hap-right"));
            assertThat(service(project, "hap-right", "postgres").get("port").getAsInt())
                    .isEqualTo(port);
            // Data on disk is kept as Postgres keeps it; data in memory need not be.
            assertThat(PostgresClient.ask(url(project, "hap-right", "postgres"), "SHOW fsync"))
                    .isEqualTo("on");
            assertThat(PostgresClient.ask(url(project, "hap-left", "postgres"), "SHOW fsync"))
                    .isEqualTo("off");
            assertWorks(project, "hap-left");
            assertWorks(project, "hap-right");

            project.succeeds("down", "-e", "hap-left");

            assertThat(Leftovers.containers("hap-left")).isEmpty();
            assertThat(Leftovers.containers("hap-right")).hasSize(1);
            assertWorks(project, "hap-right");
            project.succeeds("status", "-e", "hap-right");
        }
    }

    private static void assertWorks(Project project, String name) throws SQLException, IOException {
        assertThat(PostgresClient.ask(url(project, name, "postgres"), "SELECT 1"))
                .isEqualTo("1");
        try (var redis = new RedisConversation(url(project, name, "redis"))) {
            assertThat(redis.ask("SET", "environment", name)).isEqualTo("OK");
            assertThat(redis.ask("GET", "environment")).isEqualTo(name);
            assertThat(redis.ask("DEL", "environment")).isEqualTo("1");
        }
        var nodes = Kubectl.admin(project, project.handOff(name)).succeeds("get", "nodes", "-o", "name");
        assertThat(nodes.strip()).startsWith("node/envctl-" + name + "-");
    }

    private static List<Integer> ports(Project project, String name) {
        var server = project.handOff(name).getAsJsonObject("cluster").get("server");
        return List.of(
                URI.create(server.getAsString()).getPort(),
                service(project, name, "postgres").get("port").getAsInt(),
                service(project, name, "redis").get("port").getAsInt());
    }

    private static String url(Project project, String name, String service) {
        return service(project, name, service).get("url").getAsString();
    }

    private static JsonObject service(Project project, String name, String service) {
        return project.handOff(name).getAsJsonObject("services").getAsJsonObject(service);
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
