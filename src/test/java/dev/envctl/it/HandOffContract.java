package dev.envctl.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** What {@code environment.json} promises its readers, field by field. */
final class HandOffContract {
    private static final int FIRST_PORT = 15000;
    private static final int LAST_PORT = 25000;

    private HandOffContract() {}

    /** Checks the hand-off of a ready environment with Postgres and Redis in the default range of ports. */
    static void check(Project project, String name, int workers) throws IOException {
        var handOff = project.handOff(name);
        assertThat(handOff.keySet())
                .containsExactlyInAnyOrder(
                        "apiVersion",
                        "name",
                        "id",
                        "state",
                        "cluster",
                        "services",
                        "workers",
                        "images",
                        "primary",
                        "timings");
        assertThat(text(handOff, "apiVersion")).isEqualTo("envctl.dev/v1");
        assertThat(text(handOff, "name")).isEqualTo(name);
        assertThat(text(handOff, "id")).matches("[0-9a-f]{8}");
        assertThat(text(handOff, "state")).isEqualTo("ready");
        checkCluster(project, name, handOff);
        checkServices(handOff.getAsJsonObject("services"));
        checkWorkers(project, name, handOff, workers);
        checkImages(handOff);
        checkPrimary(handOff.getAsJsonObject("primary"));
        assertThat(handOff.getAsJsonObject("timings").keySet()).contains("create cluster", "issue leases");
        handOff.getAsJsonObject("timings")
                .entrySet()
                .forEach(timing -> assertThat(timing.getValue().getAsDouble())
                        .as(timing.getKey())
                        .isBetween(0.0, 300.0));
    }

    private static void checkCluster(Project project, String name, JsonObject handOff) {
        var cluster = handOff.getAsJsonObject("cluster");
        var unique = "envctl-%s-%s".formatted(name, text(handOff, "id"));
        assertThat(cluster.keySet())
                .containsExactlyInAnyOrder("provider", "engine", "kubeconfig", "context", "server", "nodes");
        assertThat(text(cluster, "provider")).isEqualTo("kind");
        assertThat(text(cluster, "engine")).isIn("podman", "docker");
        assertThat(text(cluster, "kubeconfig"))
                .isEqualTo(project.files(name).resolve("kubeconfig").toString());
        assertThat(text(cluster, "context")).isEqualTo("kind-" + unique);
        assertThat(text(cluster, "server")).matches("https://127\\.0\\.0\\.1:\\d+");
        assertThat(cluster.getAsJsonArray("nodes").asList())
                .extracting(node -> node.getAsString())
                .containsExactly(unique + "-control-plane");
    }

    private static void checkServices(JsonObject services) {
        assertThat(services.keySet()).containsExactlyInAnyOrder("postgres", "redis");
        var postgres = services.getAsJsonObject("postgres");
        assertThat(postgres.keySet())
                .containsExactlyInAnyOrder("host", "port", "user", "password", "database", "url", "inCluster");
        var login = text(postgres, "user") + ":" + text(postgres, "password");
        assertThat(text(postgres, "database")).isEqualTo("app");
        assertThat(text(postgres, "url"))
                .isEqualTo("postgresql://%s@127.0.0.1:%d/app".formatted(login, port(postgres)));
        checkInside(postgres, "postgres.envctl.svc.cluster.local", 5432, "postgresql://" + login + "@%s:%d/app");

        var redis = services.getAsJsonObject("redis");
        assertThat(redis.keySet()).containsExactlyInAnyOrder("host", "port", "user", "password", "url", "inCluster");
        login = text(redis, "user") + ":" + text(redis, "password");
        assertThat(text(redis, "url")).isEqualTo("redis://%s@127.0.0.1:%d/0".formatted(login, port(redis)));
        checkInside(redis, "redis.envctl.svc.cluster.local", 6379, "redis://" + login + "@%s:%d/0");
    }

    private static int port(JsonObject service) {
        assertThat(text(service, "host")).isEqualTo("127.0.0.1");
        assertThat(text(service, "password")).hasSizeGreaterThanOrEqualTo(16);
        var port = service.get("port").getAsInt();
        assertThat(port).isBetween(FIRST_PORT, LAST_PORT);
        return port;
    }

    private static void checkInside(JsonObject service, String host, int port, String url) {
        var inside = service.getAsJsonObject("inCluster");
        assertThat(inside.keySet()).containsExactlyInAnyOrder("host", "port", "url");
        assertThat(text(inside, "host")).isEqualTo(host);
        assertThat(inside.get("port").getAsInt()).isEqualTo(port);
        assertThat(text(inside, "url")).isEqualTo(url.formatted(host, port));
    }

    private static void checkWorkers(Project project, String name, JsonObject handOff, int count) throws IOException {
        assertThat(handOff.getAsJsonArray("workers")).hasSize(count);
        for (var index = 1; index <= count; index++) {
            var worker = handOff.getAsJsonArray("workers").get(index - 1).getAsJsonObject();
            assertThat(worker.keySet()).containsExactlyInAnyOrder("index", "file");
            assertThat(worker.get("index").getAsInt()).isEqualTo(index);
            var file = project.files(name).resolve("workers/" + index + ".json");
            assertThat(Path.of(text(worker, "file"))).isEqualTo(file);
            assertThat(JsonParser.parseString(Files.readString(file))
                            .getAsJsonObject()
                            .get("worker")
                            .getAsInt())
                    .isEqualTo(index);
        }
    }

    private static void checkImages(JsonObject handOff) {
        var images = handOff.getAsJsonArray("images").asList();
        assertThat(images)
                .extracting(image -> text(image.getAsJsonObject(), "name"))
                .containsAll(List.of("node", "postgres", "redis"));
        for (var image : images) {
            assertThat(image.getAsJsonObject().keySet()).containsExactlyInAnyOrder("name", "reference", "digest");
            var digest = text(image.getAsJsonObject(), "digest");
            assertThat(digest).matches("sha256:[0-9a-f]{64}");
            assertThat(text(image.getAsJsonObject(), "reference")).endsWith("@" + digest);
        }
    }

    private static void checkPrimary(JsonObject primary) {
        assertThat(primary.keySet()).containsExactlyInAnyOrder("pid", "api", "started");
        assertThat(ProcessHandle.of(primary.get("pid").getAsLong())).isPresent();
        assertThat(text(primary, "api")).matches("http://127\\.0\\.0\\.1:\\d+");
        assertThat(Instant.parse(text(primary, "started"))).isBefore(Instant.now());
    }

    private static String text(JsonObject object, String field) {
        return object.get(field).getAsString();
    }
}
