package dev.envctl.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is wrong before anything is made is said at once, and nothing is made. */
@Timeout(300)
final class RefusedBeforehandIT {
    private static final Set<String> ENGINES_AND_KIND = Set.of("podman", "docker", "kind");
    private static final Duration AT_ONCE = Duration.ofSeconds(30);

    @TempDir
    private Path temporary;

    @Test
    void tellsAllErrorsOfTheEnvironmentFileAtOnce() {
        try (var project = Project.with("fail-file", """
                apiVersion: envctl.dev/v1
                kind: Environment
                metadata: {name: fail-file}
                services:
                  postgres: {maxConnection: 100, storage: memroy}
                  redis: {databases: many}
                timeouts: {total: 5}
                """)) {
            FailureReport.of(project.envctl("up", "-e", "fail-file"), 2)
                    .problem(
                            "environments/fail-file.yaml has 4 errors",
                            "environments/fail-file.yaml:5:14: unknown key `maxConnection`, did you mean `maxConnections`?",
                            "  postgres: {maxConnection: 100, storage: memroy}\n      |              ^^^^^^^^^^^^^",
                            ":5:43: expected `memory` or `disk`, but found \"memroy\", did you mean `memory`?",
                            ":6:22: expected a whole number from 1 to 10000, but found \"many\"",
                            ":7:19: expected a duration such as \"90s\"",
                            "did you mean \"5s\"?")
                    .remedy("envctl schema");
            assertUntouched(project);
        }
    }

    @Test
    void refusesABareNumberAsATimeOut() {
        try (var project = Project.with("fail-number", Project.small("fail-number"))) {
            FailureReport.of(project.envctl("up", "-e", "fail-number", "--timeout", "5"), 2)
                    .problem("--timeout=5: expected a duration", "did you mean \"5s\"?");
            assertUntouched(project);
        }
    }

    @Test
    void namesWhatIsThereWhenTheEnvironmentIsNot() throws IOException {
        try (var project = Project.with("fail-there", Project.small("fail-there"))) {
            FailureReport.of(project.envctl("up", "-e", "fail-theer"), 2)
                    .problem("There is no environment `fail-theer`", "fail-there")
                    .remedy("Did you mean `-e fail-there`?");
            assertUntouched(project);
            Files.move(
                    project.folder().resolve("environments"), project.folder().resolve("elsewhere"));
            FailureReport.of(project.envctl("up"), 2)
                    .problem("There is no folder `environments`")
                    .remedy("create `environments/e2e.yaml`");
            Files.move(project.folder().resolve("elsewhere"), project.folder().resolve("environments"));
        }
    }

    @Test
    void suggestsTheCommandOrOptionThatWasMeant() {
        try (var project = Project.with("fail-words", Project.small("fail-words"))) {
            var command = project.envctl("upp");
            assertThat(command.exitCode()).as(command.all()).isEqualTo(2);
            assertThat(command.stderr()).contains("'upp'", "Did you mean: envctl up");
            var option = project.envctl("up", "--recrate");
            assertThat(option.exitCode()).as(option.all()).isEqualTo(2);
            assertThat(option.stderr()).contains("Unknown option: '--recrate'", "--recreate");
            assertUntouched(project);
        }
    }

    @Test
    void namesTheImageThatWasMeantWhenOneIsNotLocked() {
        try (var project = Project.with("fail-lock", """
                apiVersion: envctl.dev/v1
                kind: Environment
                metadata: {name: fail-lock}
                services: {postgres: {image: postgras}}
                """)) {
            FailureReport.of(project.envctl("up", "-e", "fail-lock"), 5)
                    .problem("The image `postgras` is not in ", "images.lock, which has node, postgres, redis")
                    .remedy("Did you mean `postgres`?", "`envctl images lock postgras=REPOSITORY:TAG`");
            assertUntouched(project);
        }
    }

    @Test
    void namesTheDigestThatTheRegistryDoesNotHave() throws IOException, InterruptedException {
        var wrong = RegistryProcess.digest("nobody has this");
        try (var registry = new RegistryProcess(temporary, "team/redis");
                var project = Project.with("fail-digest", """
                        apiVersion: envctl.dev/v1
                        kind: Environment
                        metadata: {name: fail-digest}
                        services: {redis: {image: absent}}
                        """)) {
            project.file(
                    "images.lock",
                    Files.readString(Project.CHECKOUT.resolve("images.lock")) + """
                      - name: absent
                        repository: %s/team/redis
                        tag: "1"
                        digest: %s
                    """.formatted(registry.host(), wrong));
            var ran = project.envctl("up", "-e", "fail-digest");
            FailureReport.of(ran, 5)
                    .problem("Could not pull images: ", registry.host(), "team/redis@" + wrong, "HTTP 404")
                    .remedy("`envctl images lock`");
            assertThat(ran.took()).isLessThan(AT_ONCE);
            project.assertNothingLeft();
        }
    }

    @Test
    void readsManifestsAndSqlBeforeAnythingIsMade() {
        try (var project = Project.with("fail-yaml", """
                apiVersion: envctl.dev/v1
                kind: Environment
                metadata: {name: fail-yaml}
                manifests: [app.yaml]
                """).and("fail-psql", """
                apiVersion: envctl.dev/v1
                kind: Environment
                metadata: {name: fail-psql}
                services: {postgres: {init: [schema.sql]}}
                """)) {
            project.file("environments/app.yaml", """
                    apiVersion: v1
                    kind: ConfigMap
                    metadata: {name: broken
                    data: {}
                    """);
            project.file("environments/schema.sql", "CREATE TABLE a (id int);\n\\i more.sql\n");
            var manifest = project.envctl("up", "-e", "fail-yaml");
            FailureReport.of(manifest, 2)
                    .problem("Could not check prerequisites: ", "environments/app.yaml:4:")
                    .remedy("Correct the YAML.");
            assertThat(manifest.stderr()).doesNotContain("create cluster");
            var sql = project.envctl("up", "-e", "fail-psql");
            FailureReport.of(sql, 2)
                    .problem("environments/schema.sql:2: `\\i more.sql` is for psql")
                    .remedy("Write it in SQL.");
            assertThat(sql.stderr()).doesNotContain("create cluster");
            Files.delete(project.folder().resolve("environments/app.yaml"));
            project.assertNothingLeft();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    void namesBothEngineAndKindWhenBothAreMissing() throws IOException {
        try (var project = Project.with("fail-tools", Project.small("fail-tools"))) {
            project.variable("PATH", pathWithoutEngineAndKind(project.folder()).toString())
                    .variable("ENVCTL_CACHE", temporary.resolve("cache").toString())
                    // Keeps the launcher from building its class-data archive beside the test.
                    .variable("JAVA_TOOL_OPTIONS", "-Xshare:auto");
            var up = project.envctl("up", "-e", "fail-tools");
            FailureReport.of(up, 3)
                    .problem(
                            "This machine is not ready for environments yet",
                            "Podman: Podman is not installed.",
                            "install",
                            "kind: kind is not installed.")
                    .remedy("envctl");
            project.assertNothingLeft();

            var doctor = project.envctl("doctor");
            assertThat(doctor.exitCode()).as(doctor.all()).isEqualTo(3);
            assertThat(doctor.stdout())
                    .containsPattern("missing +Podman +Podman is not installed")
                    .containsPattern("missing +kind +kind is not installed");
        }
    }

    @Test
    void saysThatItsFolderCannotBeWritten() throws IOException {
        try (var project = Project.with("fail-folder", Project.small("fail-folder"))) {
            Files.writeString(project.folder().resolve(".envctl"), "in the way");
            FailureReport.of(project.envctl("up", "-e", "fail-folder"), 1)
                    .problem(project.files("fail-folder") + " cannot be written")
                    .remedy("Check free space, permissions and who owns the folder.");
            assertThat(project.folder().resolve(".envctl")).hasContent("in the way");
            Files.delete(project.folder().resolve(".envctl"));
            project.assertNothingLeft();
        }
    }

    private static void assertUntouched(Project project) {
        assertThat(project.folder()).isDirectoryNotContaining("glob:**/.envctl");
    }

    /** All programs of this machine but those. */
    private static Path pathWithoutEngineAndKind(Path parent) throws IOException {
        var folder = Files.createDirectory(parent.resolve("bin"));
        for (var entry : System.getenv("PATH").split(":", -1)) {
            var source = Path.of(entry);
            if (!Files.isDirectory(source)) {
                continue;
            }
            try (Stream<Path> programs = Files.list(source)) {
                for (var program : programs.toList()) {
                    var link = folder.resolve(program.getFileName());
                    if (!ENGINES_AND_KIND.contains(program.getFileName().toString())
                            && !Files.exists(link, java.nio.file.LinkOption.NOFOLLOW_LINKS)) {
                        Files.createSymbolicLink(link, program);
                    }
                }
            }
        }
        return folder;
    }
}
