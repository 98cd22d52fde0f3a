package dev.envctl.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GithubStepTest {
    @TempDir
    private Path directory;

    @Test
    void anOutputOfSeveralLinesIsOneValue() {
        var outputs = directory.resolve("outputs");
        var step = new GithubStep(Map.of(
                "GITHUB_OUTPUT",
                outputs.toString(),
                "GITHUB_STEP_SUMMARY",
                directory.resolve("summary").toString()));

        step.output("path", "one\ntwo=three");

        assertThat(outputs).content().matches("path<<(end-[0-9a-f-]+)\none\ntwo=three\n\\1\n");
    }

    @Test
    void aFailureIsOneLineWithEverythingEscaped() {
        var failure = new EnvctlException(FailureKind.IMAGE, "50% broke.", "Do,\nthis.", List.of("seen"), null);

        assertThat(GithubStep.error("a: b", failure))
                .isEqualTo("::error title=a%3A b::50%25 broke.%0Aseen%0ADo,%0Athis.");
    }

    @Test
    void outsideOfAStepItIsRefused() {
        var failure = catchThrowableOfType(EnvctlException.class, () -> new GithubStep(Map.of()));

        assertThat(failure.kind()).isEqualTo(FailureKind.USAGE);
        assertThat(failure.problem()).contains("GITHUB_OUTPUT");
    }
}
