package dev.envctl.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.gson.JsonObject;
import dev.envctl.process.Command;
import dev.envctl.process.SystemPrograms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The action and the examples for CI. What the action's steps do is shown by {@code CiIT}. */
class PublishedFilesTest {
    private static final Path ACTION = Path.of("action.yml");
    private static final Path WORKFLOW = Path.of("examples/ci/github.yml");
    private static final Path GITLAB = Path.of("examples/ci/gitlab-ci.yml");
    private static final String ACTIONLINT = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12";

    @TempDir
    private Path folder;

    @Test
    void noInputIsEverPartOfAScript() {
        var scripts = new CompositeAction(ACTION, Map.of())
                .steps().stream().flatMap(step -> step.script().stream()).toList();

        assertThat(scripts).hasSize(4).noneMatch(script -> script.contains("${{"));
    }

    @Test
    void everyScriptOfTheActionIsBash() throws IOException {
        for (var step : new CompositeAction(ACTION, Map.of()).steps()) {
            if (step.script().isPresent()) {
                assertIsBash(step.script().get());
            }
        }
    }

    private void assertIsBash(String script) throws IOException {
        var file = Files.writeString(folder.resolve("script"), script);
        assertThat(new SystemPrograms()
                        .run(Command.of("bash", "-n", file.toString()))
                        .exitCode())
                .as(script)
                .isZero();
    }

    @Test
    void theImagesAreCachedUnderTheHashOfTheLock() {
        var action = new CompositeAction(ACTION, Map.of("environment", "e2e"));
        action.steps().get(1).told(Map.of("hash", "abc", "folder", "/home/me/.cache/envctl"));
        var cache = action.steps().get(2);

        assertThat(cache.uses()).isEqualTo("actions/cache@v4");
        assertThat(cache.with().get("key")).isEqualTo("envctl-Linux-X64-abc-e2e");
        assertThat(cache.with().getOrDefault("path", "").lines())
                .containsExactly(
                        "/home/me/.cache/envctl/archives",
                        "/home/me/.cache/envctl/bin",
                        "/home/me/.cache/envctl/built",
                        "/home/me/.cache/envctl/images.lock");
        assertThat(cache.runs()).isTrue();
        assertThat(new CompositeAction(ACTION, Map.of("cache", "false"))
                        .steps()
                        .get(2)
                        .runs())
                .isFalse();
    }

    @Test
    void expressionsThatTheTestDoesNotKnowFailIt() throws IOException {
        var other = Files.writeString(
                folder.resolve("action.yml"),
                Files.readString(ACTION).replace("inputs.command == 'up'", "always() && inputs.command"));
        var last = new CompositeAction(other, Map.of()).steps().get(4);

        assertThatThrownBy(last::runs).hasMessageContaining("not understood: always()");
        assertThatThrownBy(() -> new CompositeAction(ACTION, Map.of("comand", "up")))
                .hasMessageContaining("no such input: comand");
    }

    /** The example names only inputs that there are. */
    @Test
    void theWorkflowUsesTheActionAsItIs() {
        var used = new ArrayList<JsonObject>();
        for (var job : YamlFile.read(WORKFLOW).getAsJsonObject("jobs").asMap().values()) {
            for (var step : job.getAsJsonObject().getAsJsonArray("steps")) {
                var uses = step.getAsJsonObject().get("uses");
                if (uses != null && uses.getAsString().startsWith("OWNER/envctl@")) {
                    used.add(step.getAsJsonObject());
                }
            }
        }

        assertThat(used).hasSize(2);
        for (var step : used) {
            var with = new HashMap<String, String>();
            step.getAsJsonObject("with").asMap().forEach((name, value) -> with.put(name, value.getAsString()));
            assertThat(new CompositeAction(ACTION, with).steps()).hasSize(5);
        }
    }

    @Test
    void actionlintFindsNothing() throws IOException {
        assumeTrue(goAnswers(), "not run: no Go here");
        var repository = Files.createDirectories(folder.resolve("repository/.github/workflows"));
        // As a user would have it: beside the action, which actionlint then checks against the inputs.
        var workflow = Files.readString(WORKFLOW).replaceAll("OWNER/envctl@main", "./");
        Files.writeString(repository.resolve("e2e.yml"), workflow);
        Files.copy(ACTION, folder.resolve("repository/action.yml"));
        var ran = new SystemPrograms()
                .run(Command.of("go", "run", ACTIONLINT, "-no-color", ".github/workflows/e2e.yml")
                        .in(folder.resolve("repository"))
                        .timeout(Duration.ofMinutes(3)));

        assumeTrue(!ran.stderr().contains("dial tcp"), "not run: no module proxy answers");
        assertThat(ran.exitCode()).as(ran.stdout() + ran.stderr()).isZero();
    }

    private static boolean goAnswers() {
        return Stream.of(System.getenv().getOrDefault("PATH", "").split(":"))
                .anyMatch(found -> Files.isExecutable(Path.of(found, "go")));
    }

    /** Of the keywords that docs.gitlab.com/ci/yaml lists. */
    @Test
    void theGitLabFileIsOneJobOfKnownParts() throws IOException {
        var file = YamlFile.read(GITLAB);
        assertThat(file.keySet()).containsExactlyInAnyOrder("variables", "e2e");
        var job = file.getAsJsonObject("e2e");
        assertThat(job.keySet())
                .containsExactlyInAnyOrder("tags", "timeout", "cache", "script", "after_script", "artifacts");
        var cache = job.getAsJsonObject("cache");
        assertThat(cache.keySet()).containsExactlyInAnyOrder("key", "paths", "when");
        assertThat(cache.get("when").getAsString()).isIn("on_success", "on_failure", "always");
        assertThat(cache.get("key")).hasToString("{\"files\":[\"images.lock\"],\"prefix\":\"envctl\"}");
        assertThat(cache.getAsJsonArray("paths"))
                .allMatch(path -> path.getAsString().startsWith(".cache/envctl/"));
        var artifacts = job.getAsJsonObject("artifacts");
        assertThat(artifacts.keySet()).containsExactlyInAnyOrder("when", "paths", "expire_in");
        for (var part : List.of("script", "after_script")) {
            for (var line : job.getAsJsonArray(part)) {
                assertThat(line.getAsJsonPrimitive().isString())
                        .as(line.toString())
                        .isTrue();
                assertIsBash(line.getAsString());
            }
        }
    }
}
