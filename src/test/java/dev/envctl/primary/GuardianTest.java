package dev.envctl.primary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.envctl.environment.EnvironmentDirectory;
import dev.envctl.process.KnownProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A guardian whose primary is a process of its own, {@link GuardedPrimary}, that can be killed. */
@Timeout(60)
final class GuardianTest {
    @TempDir
    private Path folder = Path.of("");

    private final List<Process> started = new ArrayList<>();
    private EnvironmentDirectory directory = new EnvironmentDirectory(Path.of(""));
    private Path reaped = Path.of("");

    @BeforeEach
    void name() {
        directory = EnvironmentDirectory.of(folder, "e2e");
        directory.create();
        reaped = folder.resolve("reaped");
    }

    @AfterEach
    void end() {
        started.forEach(Process::destroyForcibly);
        // One that reaps writes into the folder that is about to be deleted.
        await().until(() -> guardians().isEmpty());
    }

    private Process primary(Process... owners) throws IOException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                GuardedPrimary.class.getName(),
                directory.path().toString(),
                reaped.toString()));
        for (var owner : owners) {
            command.add(KnownProcess.of(owner.pid()).orElseThrow().toString());
        }
        var process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        started.add(process);
        assertThat(process.getInputStream().read()).isEqualTo('!');
        return process;
    }

    private Process owner() throws IOException {
        var owner = new ProcessBuilder("sleep", "100").start();
        started.add(owner);
        return owner;
    }

    private List<ProcessHandle> guardians() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .commandLine()
                        .filter(line -> line.contains("envctl-guardian") && line.contains(folder.toString()))
                        .isPresent())
                .toList();
    }

    private void stays() {
        await().during(Duration.ofSeconds(2)).atMost(Duration.ofSeconds(4)).until(() -> Files.notExists(reaped));
    }

    @Test
    void reapsWhenThePrimaryIsKilledAndHasNoOwner() throws IOException {
        var primary = primary();
        await().until(() -> guardians().size() == 1);
        assertThat(reaped).doesNotExist();
        primary.destroyForcibly();

        await().until(() -> Files.exists(reaped));
        await().until(() -> guardians().isEmpty());
    }

    @Test
    void reapsOnlyWhenTheOwnerIsKilledToo() throws IOException {
        var owner = owner();
        var primary = primary(owner);
        primary.destroyForcibly();
        stays();
        await().until(() -> guardians().size() == 1);
        owner.destroyForcibly();

        await().until(() -> Files.exists(reaped));
    }

    @Test
    void leavesWhatAnotherPrimaryHasTakenOver() throws IOException {
        var owner = owner();
        var primary = primary(owner);
        primary.destroyForcibly();
        await().until(() -> !primary.isAlive());
        Files.writeString(directory.primary(), "{\"pid\":1,\"api\":\"\"}");

        await().until(() -> guardians().isEmpty());
        owner.destroyForcibly();
        assertThat(reaped).doesNotExist();
    }

    @Test
    void anEndInOrderEndsItToo() throws IOException {
        var primary = primary();
        primary.getOutputStream().write("release\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        primary.getOutputStream().flush();

        await().until(() -> guardians().isEmpty());
        assertThat(reaped).doesNotExist();
    }

    @Test
    void anotherIsStartedWhereItIsKilled() throws IOException {
        primary();
        var first = guardians().get(0);
        first.destroyForcibly();

        await().until(() -> guardians().stream().anyMatch(found -> found.pid() != first.pid()));
    }
}
