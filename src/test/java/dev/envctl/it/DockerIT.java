package dev.envctl.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The same on Docker, on machines that have it. */
final class DockerIT {
    private static final String NAME = "hap-docker";

    @BeforeEach
    void askForTheDaemon() throws IOException, InterruptedException {
        assumeTrue(dockerAnswers(), "not run: no Docker daemon answers");
    }

    private static boolean dockerAnswers() throws IOException, InterruptedException {
        var asked = new ProcessBuilder("sh", "-c", "docker info 2>&1 | grep -i 'server version'")
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!asked.waitFor(30, TimeUnit.SECONDS)) {
            asked.destroyForcibly();
            return false;
        }
        return asked.exitValue() == 0;
    }

    @Test
    void comesUpWorksAndGoesAway() throws Exception {
        try (var project = Project.with(NAME, """
                apiVersion: envctl.dev/v1
                kind: Environment
                metadata: {name: hap-docker}
                cluster: {engine: docker}
                services: {postgres: {}, redis: {}}
                workers: {count: 2}
                """)) {
            project.succeeds("setup", "-e", NAME, "--yes");
            project.succeeds("up", "-e", NAME);

            HandOffContract.check(project, NAME, 2);
            var handOff = project.handOff(NAME);
            assertThat(handOff.getAsJsonObject("cluster").get("engine").getAsString())
                    .isEqualTo("docker");
            var services = handOff.getAsJsonObject("services");
            assertThat(PostgresClient.ask(
                            services.getAsJsonObject("postgres").get("url").getAsString(), "SELECT 1"))
                    .isEqualTo("1");
            try (var redis = new RedisConversation(
                    services.getAsJsonObject("redis").get("url").getAsString())) {
                assertThat(redis.ask("PING")).isEqualTo("PONG");
            }
            assertThat(ours(project, "docker ps -a --format '{{.Names}}'")).hasSize(1);

            project.succeeds("down", "-e", NAME);

            assertThat(ours(project, "docker ps -a --format '{{.Names}}'")).isEmpty();
            assertThat(ours(project, "docker network ls --format '{{.Name}}'")).isEmpty();
            assertThat(ours(project, "docker volume ls --format '{{.Name}} {{.Labels}}'"))
                    .isEmpty();
        }
    }

    private static List<String> ours(Project project, String question) {
        var asked = project.bash(question);
        assertThat(asked.exitCode()).as(asked.all()).isZero();
        return asked.stdout()
                .lines()
                .filter(line -> line.contains("envctl-" + NAME + "-"))
                .toList();
    }
}
