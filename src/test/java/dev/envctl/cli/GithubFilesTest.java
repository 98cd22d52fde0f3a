package dev.envctl.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.runner.RunnerFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GithubFilesTest {
    private static final String DELIMITER = "the-delimiter";

    @TempDir
    private Path folder;

    private RunnerFiles runner;
    private GithubFiles files;

    @BeforeEach
    void makeFiles() {
        runner = new RunnerFiles(folder);
        files = new GithubFiles(runner.variables(), () -> DELIMITER);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "plain",
                "",
                "\n",
                "one\ntwo=three",
                "ends with one\n",
                "x\nOTHER=injected",
                "x\nOTHER<<y\ninjected\ny",
                "x\nthe-delimite\n",
                "%0A::set-env name=OTHER::x",
                "a<<b=c",
                "grüße\r\n'\"$HOME`x`"
            })
    void theRunnerReadsBackExactlyWhatWasMeant(String value) {
        files.tell(Map.of("DATABASE_URL", value), Map.of("database-url", value));

        assertThat(runner.environment()).isEqualTo(Map.of("DATABASE_URL", value));
        assertThat(runner.outputs()).isEqualTo(Map.of("database-url", value));
    }

    @Test
    void aValueThatEndsItselfIsRefused() {
        assertRefused(Map.of("FIRST", "fine", "NAME", "x\n" + DELIMITER + "\nOTHER=injected"), "own delimiter: NAME");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "TWO WORDS",
                "A\nB",
                "A=B",
                "A<<B",
                "1ST",
                "NODE_OPTIONS",
                "Node_Options",
                "GITHUB_ENV",
                "runner_temp",
                "PATH",
                "BASH_ENV",
                "LD_PRELOAD",
                "É"
            })
    void aNameThatCouldDoHarmIsRefused(String name) {
        assertRefused(Map.of(name, "value"), "a variable of this name");
    }

    @Test
    void aZeroByteIsRefused() {
        assertRefused(Map.of("NAME", "a\0b"), "zero byte");
    }

    private void assertRefused(Map<String, String> variables, String why) {
        var failure = catchThrowableOfType(EnvctlException.class, () -> files.tell(variables, Map.of("name", "x")));

        assertThat(failure.kind()).isEqualTo(FailureKind.USAGE);
        assertThat(failure.problem()).contains(why);
        assertThat(runner.environment()).isEmpty();
        assertThat(runner.outputs()).isEmpty();
    }

    @Test
    void theNameOfAnOutputIsCheckedToo() {
        var failure =
                catchThrowableOfType(EnvctlException.class, () -> files.tell(Map.of("A", "b"), Map.of("a\nb", "c")));

        assertThat(failure.problem()).contains("an output of this name: a\uFFFDb");
        assertThat(runner.environment()).isEmpty();
    }

    @Test
    void aLineThatSomebodyLeftOpenIsEnded() throws IOException {
        Files.writeString(runner.environmentFile(), "EARLIER=x");

        files.tell(Map.of("NAME", "value"), Map.of());
        files.tell(Map.of("LATER", "value"), Map.of());

        assertThat(runner.environment()).isEqualTo(Map.of("EARLIER", "x", "NAME", "value", "LATER", "value"));
    }

    @Test
    void aSummaryThatWouldCostTheStepItsOwnIsNotWritten() throws IOException {
        Files.writeString(runner.summaryFile(), "x".repeat((1 << 20) - 10));

        assertThat(files.summarize("a line\n")).isTrue();
        assertThat(files.summarize("another\n")).isFalse();
        assertThat(runner.summary()).hasSize((1 << 20) - 10 + 1 + 7).endsWith("\na line\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GITHUB_ENV", "GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY"})
    void outsideOfAStepItIsRefused(String missing) {
        var variables = new HashMap<>(runner.variables());
        variables.remove(missing);

        var failure = catchThrowableOfType(EnvctlException.class, () -> new GithubFiles(variables, () -> DELIMITER));

        assertThat(failure.kind()).isEqualTo(FailureKind.USAGE);
        assertThat(failure.problem()).contains(missing);
        assertThat(failure.remedy()).contains("-o json", "-o dotenv");
    }

    @Test
    void aFileThatCannotBeWrittenIsRefusedBeforehand() {
        var variables = new HashMap<>(runner.variables());
        variables.put("GITHUB_ENV", folder.resolve("absent/file").toString());

        var failure = catchThrowableOfType(EnvctlException.class, () -> new GithubFiles(variables, () -> DELIMITER));

        assertThat(failure.kind()).isEqualTo(FailureKind.USAGE);
        assertThat(failure.problem()).contains("absent/file", "GITHUB_ENV");
    }
}
