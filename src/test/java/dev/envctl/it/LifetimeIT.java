package dev.envctl.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.envctl.environment.EnvironmentDirectory;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What ends an environment without any command. */
final class LifetimeIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final List<Process> owners = new ArrayList<>();

    @AfterEach
    void end() {
        owners.forEach(Process::destroyForcibly);
    }

    private Process owner() {
        try {
            var owner = new ProcessBuilder("sleep", "1000").start();
            owners.add(owner);
            return owner;
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static String pid(Process owner) {
        return Long.toString(owner.pid());
    }

    private static void awaitGone(Project project) {
        await().atMost(SOON).until(() -> Leftovers.of(project.folder()).isEmpty());
    }

    @Test
    void theLastOwnersEndEndsIt() {
        try (var project = Project.with("lif-owner", Project.small("lif-owner"))) {
            var first = owner();
            var second = owner();
            project.succeeds("up", "-e", "lif-owner", "--owner-pid", pid(first), "--ttl", "1h");
            assertThat(project.succeeds("up", "-e", "lif-owner", "--owner-pid", pid(second), "--ttl", "5m")
                            .stderr())
                    .contains("--ttl had no effect: environment lif-owner stays longer anyway");
            assertThat(project.succeeds("status", "-e", "lif-owner").stdout())
                    .contains("(time to live 1h)", "(pid %s, %s)".formatted(pid(first), pid(second)));
            first.destroyForcibly();
            await().during(Duration.ofSeconds(2))
                    .atMost(Duration.ofSeconds(30))
                    .until(() -> project.succeeds("status", "-e", "lif-owner")
                            .stdout()
                            .contains("ready"));
            second.destroyForcibly();
            awaitGone(project);

            var why = "its owner (pid %s) is gone".formatted(pid(second));
            for (var command : List.of("status", "env")) {
                var ran = project.envctl(command, "-e", "lif-owner");
                assertThat(ran.exitCode()).as(ran.all()).isEqualTo(6);
                assertThat(ran.stdout() + ran.stderr()).contains("it was removed at ", why);
            }
        }
    }

    @Test
    void anEphemeralOneGoesWhenPrimaryAndOwnerAreKilled() {
        try (var project = Project.with("lif-ephemeral", Project.small("lif-ephemeral"))) {
            var owner = owner();
            project.succeeds("up", "-e", "lif-ephemeral", "--ephemeral", "--owner-pid", pid(owner));
            var primary = project.json(project.files("lif-ephemeral").resolve("primary.json"))
                    .get("pid")
                    .getAsLong();
            assertThat(RunningUp.kill(primary)).isTrue();
            owner.destroyForcibly();
            awaitGone(project);

            assertThat(project.envctl("status", "-e", "lif-ephemeral").stdout())
                    .contains("its primary (pid %d) was killed".formatted(primary));
        }
    }

    /** No program can be started in the folder that the guardian was started in. */
    @Test
    void anEphemeralOneGoesAlsoWhenItsProjectHasBeenDeleted() {
        try (var project = Project.with("lif-deleted", Project.small("lif-deleted"))) {
            var owner = owner();
            project.succeeds("up", "-e", "lif-deleted", "--ephemeral", "--owner-pid", pid(owner));
            var primary = project.json(project.files("lif-deleted").resolve("primary.json"))
                    .get("pid")
                    .getAsLong();
            assertThat(RunningUp.kill(primary)).isTrue();
            EnvironmentDirectory.delete(project.folder());
            try {
                assertThat(Leftovers.clusters("lif-deleted")).hasSize(1);
                owner.destroyForcibly();
                await().atMost(SOON)
                        .until(() -> Leftovers.clusters("lif-deleted").isEmpty());
            } finally {
                // What `down` needs in the end.
                project.and("lif-deleted", Project.small("lif-deleted"));
            }
        }
    }

    /** The creation is cut short, too. */
    @Test
    void itsTimeToLiveEndsIt() {
        try (var project = Project.with("lif-ttl", Project.small("lif-ttl"))) {
            var ran = project.envctl("up", "-e", "lif-ttl", "--ttl", "4s");
            assertThat(ran.exitCode()).as(ran.all()).isEqualTo(1);
            assertThat(ran.stderr())
                    .contains("Environment lif-ttl was removed before it was ready: its time to live of 4s is over.");
            awaitGone(project);
        }
    }

    @Test
    void nobodysUseEndsItButNotWhileSomebodyIsConnected() throws IOException {
        try (var project = Project.with("lif-idle", Project.small("lif-idle"))) {
            project.succeeds("up", "-e", "lif-idle", "--idle", "5s");
            var port = project.handOff("lif-idle")
                    .getAsJsonObject("services")
                    .getAsJsonObject("redis")
                    .get("port")
                    .getAsInt();
            try (var connection = new Socket(java.net.InetAddress.getLoopbackAddress(), port)) {
                await().during(Duration.ofSeconds(9))
                        .atMost(Duration.ofSeconds(15))
                        .until(() -> java.nio.file.Files.exists(
                                project.files("lif-idle").resolve("environment.json")));
                assertThat(connection.isConnected()).isTrue();
            }
            awaitGone(project);
            assertThat(project.envctl("status", "-e", "lif-idle").stdout()).contains("nobody used it for 5s");
        }
    }
}
