package dev.envctl.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The engine's API goes away while the cluster is being created. */
@Timeout(300)
final class LostEngineIT {
    @TempDir
    private Path temporary;

    @Test
    void namesTheAddressAndWhatIsLeftAndHowToRemoveIt() throws IOException {
        var socket = temporary.resolve("podman.sock");
        var address = "unix://" + socket;
        var service = new ProcessBuilder("podman", "system", "service", "--time", "0", address)
                .redirectErrorStream(true)
                .redirectOutput(temporary.resolve("podman.log").toFile())
                .start();
        try (var project = Project.with("fail-engine", """
                apiVersion: envctl.dev/v1
                kind: Environment
                metadata: {name: fail-engine}
                services: {}
                workers: {count: 1}
                """)) {
            Awaitility.await("the service's socket").until(() -> Files.exists(socket));
            project.variable("CONTAINER_HOST", address);
            var up = project.startEnvctl("up", "-e", "fail-engine");
            Awaitility.await("the node")
                    .atMost(Duration.ofMinutes(2))
                    .until(() -> !up.isAlive()
                            || Leftovers.of(project.folder()).stream().anyMatch(line -> line.startsWith("container ")));
            service.destroyForcibly();

            var ran = project.await(up, Duration.ofMinutes(2));
            FailureReport.of(ran, 1)
                    .problem(
                            "Podman at " + address + " does not answer",
                            "The environment could not be removed whole",
                            "cluster envctl-fail-engine-",
                            " may be left.")
                    .remedy(
                            "CONTAINER_HOST asks for " + address,
                            "podman system service --time 0 " + address,
                            "`envctl down -e fail-engine` removes what is left");
            assertThat(Leftovers.of(project.folder()))
                    .as("still there, and still known")
                    .anyMatch(line -> line.startsWith("container envctl-fail-engine-"))
                    .contains("file .envctl/fail-engine/journal.jsonl");

            FailureReport.of(project.envctl("down", "-e", "fail-engine"), 3)
                    .problem("Podman at " + address + " does not answer")
                    .remedy("unset CONTAINER_HOST");

            project.variable("CONTAINER_HOST", "").succeeds("down", "-e", "fail-engine");
            project.assertNothingLeft();
        } finally {
            service.destroyForcibly();
        }
    }
}
