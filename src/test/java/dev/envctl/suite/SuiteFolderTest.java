package dev.envctl.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.envctl.EnvctlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SuiteFolderTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void holdsNothingOfAnEarlierRun() throws IOException {
        try (var first = SuiteFolder.claim(folder.resolve("api"))) {
            Files.writeString(first.log(), "old");
            Files.createDirectories(first.files().resolve("reports"));
        }

        try (var second = SuiteFolder.claim(folder.resolve("api"))) {
            assertThat(second.log()).doesNotExist();
            assertThat(second.files()).doesNotExist();
        }
    }

    @Test
    void neverEmptiesAFolderOfSomebodyElse() throws IOException {
        Files.createDirectories(folder.resolve("src"));
        Files.writeString(folder.resolve("src/Main.java"), "");

        assertThatThrownBy(() -> SuiteFolder.claim(folder.resolve("src")))
                .isInstanceOf(EnvctlException.class)
                .hasMessageContaining("holds files that no suite has written");
        assertThat(folder.resolve("src/Main.java")).exists();
    }

    @Test
    void belongsToOneRunAtATime() {
        try (var first = SuiteFolder.claim(folder.resolve("api"))) {
            assertThat(first.log()).isEqualTo(folder.resolve("api/log.txt"));
            assertThatThrownBy(() -> SuiteFolder.claim(folder.resolve("api")))
                    .hasMessageContaining("Another run is writing");
        }
    }
}
