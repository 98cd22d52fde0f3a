package dev.envctl.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class ProcessIdentityTest {
    @Test
    void livesAsLongAsTheProcess() throws IOException, InterruptedException {
        var process = new ProcessBuilder("sleep", "60").start();
        var identity = ProcessIdentity.of(process.pid()).orElseThrow();
        assertThat(identity.alive()).isTrue();

        process.destroyForcibly().waitFor();

        assertThat(identity.alive()).isFalse();
        assertThat(ProcessIdentity.of(process.pid())).isEmpty();
    }

    @Test
    void isNotALaterProcessOfTheSameNumber() {
        var self = ProcessIdentity.of(OwnProcess.pid()).orElseThrow();

        assertThat(self.alive()).isTrue();
        assertThat(new ProcessIdentity(self.pid(), "1").alive()).isFalse();
    }

    @Test
    void whoseExitCodeNobodyHasAskedForDoesNotLive() throws IOException {
        // The shell becomes a program that never asks what became of the shell's child.
        var parent = new ProcessBuilder("sh", "-c", "sleep 0 & echo $!; exec sleep 60").start();
        try (var out = parent.inputReader()) {
            var child = Long.parseLong(out.readLine());
            await().until(() -> ProcessIdentity.of(child).isEmpty());
            assertThat(ProcessHandle.of(child))
                    .as("still in the list of processes")
                    .isPresent();
        } finally {
            parent.destroyForcibly();
        }
    }
}
