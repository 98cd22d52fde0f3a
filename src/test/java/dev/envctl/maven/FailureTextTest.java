package dev.envctl.maven;

import static org.assertj.core.api.Assertions.assertThat;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.environment.EnvironmentDirectory;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FailureTextTest {
    private final EnvctlException failure = new EnvctlException(
            FailureKind.TIMEOUT, "Postgres did not answer.", "Look at its log.", List.of("OOMKilled"), null);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path project;

    @Test
    void saysProblemReasonsAndWhatToDo() {
        assertThat(new FailureText(failure, Optional.empty()).text()).isEqualTo("""
                Postgres did not answer.
                  OOMKilled
                Next: Look at its log.""");
    }

    @Test
    void saysWhereToLook() {
        var directory = EnvironmentDirectory.of(project, "e2e");
        EnvironmentDirectory.privateDirectory(directory.diagnostics());

        assertThat(new FailureText(failure, Optional.of(directory)).text())
                .endsWith("\nSee " + directory.diagnostics());
    }

    @Test
    void namesNoFilesThatAreNotThere() {
        assertThat(new FailureText(failure, Optional.of(EnvironmentDirectory.of(project, "e2e"))).text())
                .doesNotContain("See ");
    }
}
