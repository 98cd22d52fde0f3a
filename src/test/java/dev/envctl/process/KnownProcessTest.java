package dev.envctl.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class KnownProcessTest {
    @Test
    void aProcessIsKnownUntilItEnds() throws IOException {
        var process = new ProcessBuilder("sleep", "100").start();
        var known = KnownProcess.of(process.pid()).orElseThrow();
        assertThat(known.alive()).isTrue();
        process.destroyForcibly();

        await().until(() -> !known.alive());
        await().until(() -> KnownProcess.of(process.pid()).isEmpty());
    }

    /** Killed, and its parent has not asked for its exit code: `kill -0` would still find it. */
    @Test
    void whatIsNotYetBuriedHasEnded() throws IOException {
        var parent = new ProcessBuilder("sh", "-c", "sleep 0 & echo $!; exec sleep 100").start();
        try (var lines = parent.inputReader()) {
            var child = Long.parseLong(lines.readLine());

            await().until(() -> KnownProcess.of(child).isEmpty());
            assertThat(parent.isAlive()).isTrue();
        } finally {
            parent.destroyForcibly();
        }
    }

    @Test
    void anotherStartIsAnotherProcess() {
        var self = KnownProcess.self();

        assertThat(self.alive()).isTrue();
        assertThat(new KnownProcess(self.pid(), self.started() + 1).alive()).isFalse();
    }

    @Test
    void readsBackWhatItWrites() {
        var self = KnownProcess.self();

        assertThat(KnownProcess.parse(self.toString())).contains(self);
        assertThat(KnownProcess.parse("12")).isEmpty();
        assertThat(KnownProcess.parse("12@")).isEmpty();
        assertThat(KnownProcess.parse("x@1")).isEmpty();
    }
}
