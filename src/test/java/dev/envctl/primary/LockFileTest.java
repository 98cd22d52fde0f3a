package dev.envctl.primary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.envctl.EnvctlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class LockFileTest {
    @TempDir
    private Path folder = Path.of("");

    private Path file = Path.of("");

    @BeforeEach
    void name() {
        file = folder.resolve("lock");
    }

    @Test
    void thereIsNoPrimaryWhereNobodyHoldsIt() {
        try (var lock = LockFile.open(file)) {
            assertThat(lock.primaryIsAlive()).isFalse();
            assertThat(lock.tryPrimary()).isPresent();
        }
    }

    @Test
    void onlyOneProcessIsThePrimary() throws Exception {
        try (var other = LockHolder.of(file, "primary");
                var lock = LockFile.open(file)) {
            assertThat(lock.primaryIsAlive()).isTrue();
            assertThat(lock.tryPrimary()).isEmpty();
            other.kill();
        }
    }

    @Test
    void theDeathOfThePrimaryFreesIt() throws Exception {
        try (var other = LockHolder.of(file, "primary");
                var lock = LockFile.open(file)) {
            other.kill();

            assertThat(lock.primaryIsAlive()).isFalse();
            assertThat(lock.tryPrimary()).isPresent();
        }
    }

    @Test
    void oneStartsWhileThereIsNoPrimary() throws Exception {
        try (var other = LockHolder.of(file, "starter");
                var lock = LockFile.open(file)) {
            assertThat(lock.tryStarter()).isEmpty();
            assertThat(lock.primaryIsAlive()).isFalse();
            // The primary that the other one starts must get its own.
            assertThat(lock.tryPrimary()).isPresent();
            other.kill();
        }
    }

    @Test
    void askingTakesNothing() {
        try (var lock = LockFile.open(file)) {
            lock.primaryIsAlive();
            lock.primaryIsAlive();

            assertThat(lock.tryPrimary()).isPresent();
        }
    }

    @Test
    void whatIsGivenBackCanBeHadAgain() {
        try (var lock = LockFile.open(file)) {
            lock.release(lock.tryPrimary().orElseThrow());

            assertThat(lock.tryPrimary()).isPresent();
        }
    }

    @Test
    void theFileStaysAndIsItsOwnersAlone() throws IOException {
        LockFile.open(file).close();

        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void saysThatItCannotBeUsed() {
        assertThatThrownBy(() -> LockFile.open(folder.resolve("missing/lock")))
                .isInstanceOf(EnvctlException.class)
                .hasMessageContaining("cannot be used");
    }
}
