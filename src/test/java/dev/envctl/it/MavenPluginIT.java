package dev.envctl.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The Maven plugin in real builds: an environment lives exactly as long as the build that needs it. */
class MavenPluginIT {
    @SuppressWarnings("NullAway.Init")
    private static MavenBuilds maven;

    @BeforeAll
    static void layOut() {
        maven = MavenBuilds.ofThisCheckout();
    }

    private static Project single(String name) {
        return Project.with(name, Project.small(name))
                .andFilesOf("src/test/projects/single")
                .variable("ENVCTL_ENVIRONMENT", name);
    }

    private static String found(Project project, String file) {
        try {
            return Files.readString(project.folder().resolve(file)).strip();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void twoModulesAtOnceWithForksAndThreadsHaveOneEnvironment() {
        var name = "mvn-reactor";
        try (var project = Project.with(name, Project.small(name).replace("count: 2", "count: 3"))
                .andFilesOf("src/test/projects/reactor")
                .variable("ENVCTL_ENVIRONMENT", name)) {
            var built = maven.run(project, "-T", "2", "verify");

            assertThat(built.exitCode()).as(built.all()).isZero();
            assertThat(built.stdout())
                    .containsOnlyOnce("Environment mvn-reactor is ready")
                    .containsOnlyOnce("[INFO] create cluster ")
                    .containsSubsequence("remove", "BUILD SUCCESS");
            // Maven itself resets colours that it has not set.
            assertThat(built.stdout().replace("\u001b[0m", "")).doesNotContain("\u001b");
            // Surefire counts the forks of all modules together.
            assertThat(List.of(found(project, "forks/target/One"), found(project, "forks/target/Other")))
                    .as("the leases of the two forks")
                    .allMatch(lease -> lease.matches("[1-3] w[1-3]-[0-9a-f]{8}"))
                    .doesNotHaveDuplicates();
            assertThat(List.of(found(project, "threads/target/One"), found(project, "threads/target/Other")))
                    .as("the leases of the JVM with two threads")
                    .allMatch(lease -> lease.matches("[1-9][0-9]* w[0-9]+-[0-9a-f]{8}"))
                    .doesNotContain(found(project, "forks/target/One"), found(project, "forks/target/Other"));
            project.assertNothingLeft();
        }
    }

    @Test
    void aFailingTestIsTheBuildsFailureAndTheEnvironmentGoes() {
        var name = "mvn-failing";
        try (var project = single(name)) {
            var built = maven.run(project, "verify", "-Dbehaviour=fail");

            assertThat(built.exitCode()).as(built.all()).isEqualTo(1);
            assertThat(built.stdout())
                    .contains("as it was told", "There are test failures")
                    .doesNotContain("envctl:%s:down".formatted(System.getProperty("it.version")))
                    .containsSubsequence("remove", "BUILD FAILURE");
            project.assertNothingLeft();
        }
    }

    /** As {@code kill -9}, and as a terminal does for Ctrl-C: to Maven and to all that it started. */
    @ParameterizedTest
    @ValueSource(strings = {"KILL", "INT"})
    void aMavenThatIsEndedTakesItsEnvironmentWithIt(String signal) {
        var name = "mvn-ended";
        try (var project = single(name)) {
            var build = maven.start(project, "verify", "-Dbehaviour=stay");
            try {
                Awaitility.await()
                        .atMost(Duration.ofMinutes(2))
                        .until(() -> Files.exists(project.folder().resolve("testing")) || !build.isAlive());
                assertThat(build.isAlive()).as("Maven runs until it is ended").isTrue();
                assertThat(Leftovers.of(project.folder())).isNotEmpty();
                var target = signal.equals("INT") ? -build.pid() : build.pid();
                var sent = project.program(Map.of(), "kill", "-s", signal, "--", Long.toString(target));
                assertThat(sent.exitCode()).as(sent.all()).isZero();
                Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> !build.isAlive());
            } finally {
                build.destroyForcibly();
            }
            Awaitility.await()
                    .atMost(Duration.ofSeconds(60))
                    .untilAsserted(
                            () -> assertThat(Leftovers.of(project.folder())).isEmpty());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"envctl.skip", "skipITs", "skipTests", "maven.test.skip"})
    void makesNothingWhereTestsAreSkipped(String property) {
        var name = "mvn-skipped";
        try (var project = single(name)) {
            var built = maven.run(project, "-D" + property, "pre-integration-test");

            assertThat(built.exitCode()).as(built.all()).isZero();
            assertThat(built.stdout()).contains("Environment mvn-skipped is skipped.");
            assertThat(project.files(name)).doesNotExist();
        }
    }

    @Test
    void aMistakeInTheEnvironmentFileIsShownWithoutAnyOption() {
        var name = "mvn-wrong";
        try (var project = single(name)) {
            project.and(name, Project.small(name) + "timeouts: {pull: 10}\n");
            var built = maven.run(project, "pre-integration-test");
            project.and(name, Project.small(name));

            assertThat(built.exitCode()).isEqualTo(1);
            assertThat(built.stdout())
                    .contains("environments/mvn-wrong.yaml:6:18: expected a duration")
                    .contains("did you mean \"10s\"?")
                    .contains("Next: Run `envctl schema`")
                    .doesNotContain("\tat ", "Caused by");
            assertThat(project.files(name)).doesNotExist();
        }
    }
}
