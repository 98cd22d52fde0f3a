package dev.envctl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.Place;
import dev.envctl.runner.RunnerCommand;
import dev.envctl.runner.RunnerFiles;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GithubStepTest {
    private static final Path REPOSITORY = Path.of("/home/runner/repository");

    @TempDir
    private Path folder;

    private RunnerFiles runner;

    @BeforeEach
    void makeFiles() {
        runner = new RunnerFiles(folder);
    }

    @Test
    void everySecretIsMaskedBeforeAnythingIsWritten() {
        var out = new StringWriter() {
            @Override
            public void write(String text, int from, int count) {
                super.write(text, from, count);
                assertThat(runner.environment()).isEmpty();
                assertThat(runner.outputs()).isEmpty();
                assertThat(runner.summary()).isEmpty();
            }
        };

        GithubStep.begin("envctl up", runner.variables(), new PrintWriter(out, true))
                .take(new Sample("pass%word", "redis://:pass%word@127.0.0.1/0"));

        assertThat(RunnerCommand.in(out.toString()))
                .extracting(RunnerCommand::name)
                .containsExactly("group", "endgroup", "add-mask", "add-mask", "add-mask", "add-mask");
        assertThat(runner.environment()).isEqualTo(Map.of("PGPASSWORD", "pass%word"));
        assertThat(runner.outputs()).isEqualTo(Map.of("database-url", "pass%word"));
        assertThat(runner.summary()).isEqualTo("ready\n");
    }

    @Test
    void aSecretIsMaskedInEveryFormItMayTake() {
        var out = new StringWriter();

        GithubStep.begin("envctl up", runner.variables(), new PrintWriter(out, true))
                .take(new Sample("p w:/%0A", "first line\n::second", "abc", "  "));

        assertThat(RunnerCommand.masks(out.toString()))
                .containsExactlyInAnyOrder(
                        "p w:/%0A",
                        "p+w%3A%2F%250A",
                        "p%20w%3A%2F%250A",
                        "first line\n::second",
                        "first+line%0A%3A%3Asecond",
                        "first%20line%0A%3A%3Asecond",
                        "first line",
                        "first+line",
                        "first%20line",
                        "::second",
                        "%3A%3Asecond");
    }

    @Test
    void aFailureIsOneLineWithWhatToDoBeforeWhatWasSeen() {
        var failure = new EnvctlException(FailureKind.IMAGE, "50% broke.", "Do,\nthis.", List.of("seen"), null);

        assertThat(GithubStep.annotations("a: b", failure, REPOSITORY, REPOSITORY))
                .containsExactly("::error title=a%3A b::50%25 broke.%0Anext: Do,%0Anext: this.%0Aseen");
    }

    @Test
    void aMistakeIsShownInItsFileFromTheTopOfTheRepository() {
        var failure = new EnvctlException(
                FailureKind.USAGE,
                "two",
                "",
                List.of(new Place("environments/e2e.yaml", 5, 14, "unknown key `a`"), new Place("", 0, 0, "E=1: no")));

        assertThat(GithubStep.annotations("up", failure, REPOSITORY, REPOSITORY.resolve("project")))
                .containsExactly(
                        "::error file=project/environments/e2e.yaml,line=5,col=14,title=up::unknown key `a`",
                        "::error title=up::E=1: no");
        assertThat(GithubStep.annotations("up", failure, Path.of("/elsewhere"), REPOSITORY))
                .element(0)
                .asString()
                .startsWith("::error file=/home/runner/repository/environments/e2e.yaml,");
    }

    @Test
    void whatTheRunnerWouldCutOffIsLeftOut() {
        var failure = new EnvctlException(FailureKind.FAILED, "broke", "mend", List.of("x".repeat(9000)), null);

        assertThat(GithubStep.annotations("up", failure, REPOSITORY, REPOSITORY))
                .singleElement()
                .asString()
                .startsWith("::error title=up::broke%0Anext: mend%0Ax")
                .hasSizeLessThan(4096);
    }

    private record Sample(Set<String> secrets) implements Handout {
        Sample(String... secrets) {
            this(new java.util.LinkedHashSet<>(List.of(secrets)));
        }

        @Override
        public String text() {
            return "";
        }

        @Override
        public String json() {
            return "";
        }

        @Override
        public Map<String, String> variables() {
            return Map.of("PGPASSWORD", secrets.iterator().next());
        }

        @Override
        public Map<String, String> outputs() {
            return Map.of("database-url", secrets.iterator().next());
        }

        @Override
        public String summary() {
            return "ready\n";
        }
    }
}
