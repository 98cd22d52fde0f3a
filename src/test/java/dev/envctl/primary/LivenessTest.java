package dev.envctl.primary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.envctl.environment.EnvironmentDirectory;
import dev.envctl.spec.Inputs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class LivenessTest {
    @TempDir
    private Path folder = Path.of("");

    private EnvironmentDirectory directory = new EnvironmentDirectory(Path.of(""));

    @BeforeEach
    void name() {
        directory = EnvironmentDirectory.of(folder, "e2e");
    }

    private void record() {
        new PrimaryRecord(4711, "http://127.0.0.1:1", "token", "", "", Map.of(), Inputs.unknown(), "")
                .write(directory.primary());
    }

    @Test
    void aFolderThatIsNotThereHasNone() {
        assertThat(Liveness.of(directory)).isEqualTo(Liveness.NONE);
        assertThat(directory.path()).doesNotExist();
    }

    @Test
    void whoHoldsTheLockLives() throws Exception {
        directory.create();
        record();
        try (var primary = LockHolder.of(directory.lock(), "primary")) {
            assertThat(Liveness.of(directory)).isEqualTo(Liveness.ALIVE);
            primary.kill();
        }

        assertThat(Liveness.of(directory)).isEqualTo(Liveness.DEAD);
    }

    /** Killed before it knew enough to begin the journal. */
    @Test
    void aRecordWithoutALockIsThatOfADeadOne() throws IOException {
        directory.create();
        Files.createFile(directory.lock());
        record();

        assertThat(Liveness.of(directory)).isEqualTo(Liveness.DEAD);
    }

    @Test
    void aJournalWithoutALockIsThatOfADeadOne() throws IOException {
        directory.create();
        Files.createFile(directory.lock());
        Files.writeString(
                directory.journal(),
                "{\"epoch\":1,\"step\":\"begin\",\"event\":\"done\",\"name\":\"e2e\",\"id\":\"0123abcd\"}\n");

        assertThat(Liveness.of(directory)).isEqualTo(Liveness.DEAD);
    }

    /** Somebody has deleted the lock. */
    @Test
    void aJournalAloneIsThatOfADeadOne() throws IOException {
        directory.create();
        Files.writeString(
                directory.journal(),
                "{\"epoch\":1,\"step\":\"begin\",\"event\":\"done\",\"name\":\"e2e\",\"id\":\"0123abcd\"}\n");

        assertThat(Liveness.of(directory)).isEqualTo(Liveness.DEAD);
        assertThat(directory.lock()).doesNotExist();
    }

    @Test
    void anEndInOrderLeavesNothing() throws IOException {
        directory.create();
        Files.createFile(directory.lock());
        record();
        directory.clear();

        assertThat(Liveness.of(directory)).isEqualTo(Liveness.NONE);
    }
}
