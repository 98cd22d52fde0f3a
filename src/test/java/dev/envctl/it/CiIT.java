package dev.envctl.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import dev.envctl.runner.CompositeAction;
import dev.envctl.runner.RunnerCommand;
import dev.envctl.runner.RunnerFiles;
import dev.envctl.runner.YamlFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A job of GitHub Actions that uses the action, and one of GitLab CI, as their runners carry them out. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class CiIT {
    private static final String NAME = "ci-action";
    private static final Path ACTION = Project.CHECKOUT.resolve("action.yml");

    private final Project project = Project.with(NAME, Project.small(NAME));
    private final CompositeAction action = new CompositeAction(ACTION, Map.of("environment", NAME, "workers", "2"));

    /** What later steps of the job find in their environment. */
    private final Map<String, String> job = new HashMap<>();

    private final List<Step> steps = new ArrayList<>();
    private final Set<String> secrets = new TreeSet<>();

    private Path temporary = Path.of("");

    private record Step(Ran ran, RunnerFiles files) {
        /** All that people may see of it. */
        String visible() {
            return RunnerCommand.withoutMasks(ran.stdout()) + ran.stderr() + files.summary();
        }
    }

    @BeforeAll
    void carryOutTheAction(@TempDir Path folder) throws IOException {
        temporary = folder;
        job.put("GITHUB_WORKSPACE", project.folder().toString());
        for (var step : action.steps()) {
            if (!step.runs()) {
                continue;
            }
            if (step.script().isEmpty()) {
                assertThat(step.uses()).isEqualTo("actions/cache@v4");
                continue;
            }
            var done = step(step, job);
            assertThat(done.ran().exitCode()).as(step.name() + done.ran().all()).isZero();
            step.told(done.files().outputs());
            leave(done);
            steps.add(done);
        }
        assertThat(steps).hasSize(4);
        secrets.addAll(secrets());
    }

    private Step step(CompositeAction.Step step, Map<String, String> variables) {
        var all = new HashMap<>(variables);
        all.put("GITHUB_ACTION_PATH", Project.CHECKOUT.toString());
        all.put("RUNNER_TEMP", temporary.toString());
        all.putAll(step.env());
        assertThat(project.folder().resolve(step.workingDirectory()).normalize())
                .isEqualTo(project.folder());
        return bash(step.script().orElseThrow(), all);
    }

    /** As the runner starts it. */
    private Step bash(String script, Map<String, String> variables) {
        var files = new RunnerFiles(temporary);
        var all = new HashMap<>(variables);
        all.putAll(files.variables());
        try {
            var file = Files.writeString(Files.createTempFile(temporary, "step", ".sh"), script);
            return new Step(
                    project.program(all, "bash", "--noprofile", "--norc", "-eo", "pipefail", file.toString()), files);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** A step of the job's own. */
    private Step bash(String script) {
        return bash(script, job);
    }

    /** What a step leaves to those after it. */
    private void leave(Step step) {
        job.putAll(step.files().environment());
        for (var folder : step.files().path()) {
            job.put(
                    "PATH",
                    folder + ":" + job.getOrDefault("PATH", System.getenv().getOrDefault("PATH", "")));
        }
    }

    @AfterAll
    void close() {
        project.close();
    }

    @Test
    void theActionGivesAllThatItPromises() {
        var handOff = project.handOff(NAME);

        var outputs = new TreeMap<>(action.outputs());
        assertThat(outputs.remove("stand-ins")).isNotNull();
        assertThat(outputs)
                .containsEntry("name", NAME)
                .containsEntry("id", handOff.get("id").getAsString())
                .containsEntry("workers", "2")
                .containsEntry("directory", project.files(NAME).toString())
                .containsEntry(
                        "hash",
                        project.succeeds("images", "lock", "--hash").stdout().strip())
                .doesNotContainValue("");
    }

    @Test
    void laterStepsConnectWithTheVariables() throws Exception {
        assertThat(job).containsEntry("ENVCTL_ENVIRONMENT", NAME).containsEntry("ENVCTL_WORKERS", "2");
        assertUsable(job, "app");
        var worker = new HashMap<>(job);
        worker.putAll(project.exportedBy(". '%s/workers/2.env'".formatted(job.get("ENVCTL_DIRECTORY"))));
        assertUsable(worker, "worker_2");
    }

    private void assertUsable(Map<String, String> variables, String database) throws Exception {
        var url = variables.getOrDefault("DATABASE_URL", "");
        assertThat(PostgresClient.ask(url, "select current_database()")).isEqualTo(database);
        if (project.bash("command -v psql").exitCode() == 0) {
            // From PGHOST and its like.
            var asked = bash("psql -Atc 'select current_database()'", variables).ran();
            assertThat(asked.stdout().strip()).as(asked.all()).isEqualTo(database);
        }
        try (var redis = new RedisConversation(variables.getOrDefault("REDIS_URL", ""))) {
            assertThat(redis.ask("PING")).isEqualTo("PONG");
        }
        assertThat(Path.of(variables.getOrDefault("KUBECONFIG", ""))).isRegularFile();
    }

    @Test
    void everySecretIsMaskedAndNowhereElse() {
        assertThat(secrets).hasSizeGreaterThan(15);
        var up = steps.get(3);

        assertThat(RunnerCommand.masks(up.ran().stdout())).containsAll(secrets);
        for (var step : steps) {
            assertNothingIn(step.visible(), secrets);
        }
        // What the masks are for.
        assertThat(up.files().environment().values()).containsAnyElementsOf(secrets);
    }

    /** From all files of the environment, whatever they are for. */
    private Set<String> secrets() throws IOException {
        var found = new TreeSet<String>();
        try (var files = Files.walk(project.files(NAME))) {
            for (var file : files.filter(Files::isRegularFile)
                    .filter(file -> !isSpare(file))
                    .toList()) {
                var name = file.getFileName().toString();
                if (name.equals("environment.json") || name.equals("primary.json") || name.matches("\\d+\\.json")) {
                    addSecrets(project.json(file), found);
                } else if (name.endsWith(".token")) {
                    found.add(Files.readString(file).strip());
                } else if (name.endsWith("kubeconfig")) {
                    Pattern.compile("(?:client-key-data|token): (\\S+)")
                            .matcher(Files.readString(file))
                            .results()
                            .forEach(secret -> found.add(secret.group(1)));
                }
            }
        }
        return found;
    }

    /** Of a lease that is ahead of demand: nobody has been given anything of it. */
    private static boolean isSpare(Path file) {
        var number = file.getFileName().toString().replaceAll("\\..*", "");
        return number.matches("\\d+") && Files.notExists(file.resolveSibling(number + ".json"));
    }

    private static void addSecrets(JsonElement json, Set<String> found) {
        if (json.isJsonArray()) {
            json.getAsJsonArray().forEach(element -> addSecrets(element, found));
        } else if (json.isJsonObject()) {
            json.getAsJsonObject().asMap().forEach((name, value) -> {
                if (value.isJsonPrimitive()
                        && Set.of("password", "token", "url").contains(name)) {
                    found.add(value.getAsString());
                }
                addSecrets(value, found);
            });
        }
    }

    private static void assertNothingIn(String text, Set<String> secrets) {
        for (var secret : secrets) {
            assertThat(text.contains(secret))
                    .as("a secret stands in:%n%s", text)
                    .isFalse();
        }
    }

    @Test
    void thePageOfTheRunShowsPhasesAndImages() {
        assertThat(steps.get(2).files().summary()).contains("### Images", "| postgres | `");
        assertThat(steps.get(3).files().summary())
                .startsWith("### Environment `ci-action` is ready\n")
                .containsPattern("\\| create cluster \\| \\d+\\.\\d \\| ok \\|")
                .containsPattern("\\| \\*\\*up\\*\\* \\| \\d+\\.\\d \\| ok \\|")
                .contains("```mermaid\ngantt\n", "    section up\n")
                .containsPattern("    hand off :\\d+, \\d+\n")
                .containsPattern("\\| redis \\| `\\S+@sha256:[0-9a-f]{64}` \\|");
    }

    @Test
    void standardOutputCarriesCommandsOnly() {
        var commands = RunnerCommand.in(steps.get(3).ran().stdout());
        assertThat(steps.get(3).ran().stdout().lines()).hasSameSizeAs(commands);
        assertThat(commands.subList(0, 2)).extracting(RunnerCommand::name).containsExactly("group", "endgroup");
    }

    @Test
    void anotherUpInALaterStepAttaches() {
        var again = bash("envctl up -o github --workers 2");

        assertThat(again.ran().exitCode()).as(again.ran().all()).isZero();
        assertThat(again.ran().took()).isLessThan(Duration.ofSeconds(60));
        assertThat(again.files().outputs()).isEqualTo(steps.get(3).files().outputs());
        assertThat(again.files().environment()).isEqualTo(steps.get(3).files().environment());
    }

    @Test
    void aLeaseIsGivenToTheStepsThatFollow() throws Exception {
        var fixed = bash("envctl env --worker 1 -o github");
        assertThat(fixed.ran().exitCode()).as(fixed.ran().all()).isZero();
        assertUsable(fixed.files().environment(), "worker_1");

        var acquired = bash("envctl worker acquire --ttl 5m -o github");
        assertThat(acquired.ran().exitCode()).as(acquired.ran().all()).isZero();
        var number = acquired.files().outputs().getOrDefault("worker", "");
        assertUsable(acquired.files().environment(), "worker_" + number);
        assertThat(acquired.files().environment()).containsEntry("ENVCTL_WORKER", number);

        var now = secrets();
        assertThat(RunnerCommand.masks(acquired.ran().stdout()))
                .contains(
                        acquired.files().environment().get("ENVCTL_TOKEN"),
                        acquired.files().environment().get("PGPASSWORD"),
                        acquired.files().environment().get("REDIS_URL"));
        assertNothingIn(fixed.visible(), now);
        assertNothingIn(acquired.visible(), now);
        var released = bash("envctl worker release " + number);
        assertThat(released.ran().exitCode()).as(released.ran().all()).isZero();
    }

    /** The job of examples/ci/gitlab-ci.yml, but for the tests that it runs. */
    @Test
    void aJobOfGitLabConnectsWithWhatItSourced() throws Exception {
        Files.createSymbolicLink(project.folder().resolve("envctl"), Project.CHECKOUT.resolve("envctl"));
        var gitLab = YamlFile.read(Project.CHECKOUT.resolve("examples/ci/gitlab-ci.yml"));
        var script = gitLab.getAsJsonObject("e2e").getAsJsonArray("script").asList().stream()
                .map(JsonElement::getAsString)
                .collect(Collectors.joining("\n"))
                .replace("up --setup", "up --workers 2 --setup")
                .replace("-e e2e", "-e " + NAME)
                .replaceAll("(?m)^(mvn|psql) .*", "env -0");

        var ran = project.program(Map.of("ENVCTL_ENVIRONMENT", NAME), "bash", "-eo", "pipefail", "-c", script);

        assertThat(ran.exitCode()).as(ran.all()).isZero();
        var variables = new HashMap<String, String>();
        for (var variable : ran.stdout().split("\0", 0)) {
            variables.put(variable.split("=", 2)[0], variable.substring(variable.indexOf('=') + 1));
        }
        assertUsable(variables, "app");
        var report = Files.readString(project.folder().resolve("envctl.env"));
        assertThat(asGitLabReads(report)).isEqualTo(steps.get(3).files().environment());
    }

    /** app/services/ci/parse_dotenv_artifact_service.rb of GitLab: what it does not understand is a bad request. */
    private static Map<String, String> asGitLabReads(String report) {
        assertThat(report.length()).isLessThan(5 * 1024);
        var found = new TreeMap<String, String>();
        for (var line : report.split("(?<=\n)", 0)) {
            assertThat(line).matches("(?s)[A-Za-z0-9_]+=.*\n").doesNotContain("$");
            found.put(line.split("=", 2)[0].strip(), line.split("=", 2)[1].strip());
        }
        return found;
    }

    @Test
    void aLeaseForGitLabIsReadBackAsItIs() {
        var lease = project.succeeds("env", "-e", NAME, "-w", "1", "-o", "dotenv");

        assertThat(asGitLabReads(lease.stdout()))
                .isEqualTo(project.exportedBy(
                        "\"$ENVCTL\" env -e %s -w 1 --shell none > lease; . ./lease".formatted(NAME)));
        assertThat(lease.stderr()).contains("warning: As a report these are 21 variables");
    }

    @Test
    void aMistakeInTheFileIsShownWhereItIs() {
        project.and("ci-broken", """
                apiVersion: envctl.dev/v1
                kind: Environment
                metadata: {name: ci-broken}
                services:
                  postgres: {maxConections: 50}
                timeouts: {pull: 10}
                """);

        var step = bash("envctl up -e ci-broken -o github");

        assertThat(step.ran().exitCode()).as(step.ran().all()).isEqualTo(2);
        assertThat(RunnerCommand.in(step.ran().stdout()).stream()
                        .filter(found -> found.name().equals("error")))
                .extracting(error -> error.properties() + " " + error.data())
                .containsExactly(
                        "{file=environments/ci-broken.yaml, line=5, col=14, title=envctl up} unknown key"
                                + " `maxConections`, did you mean `maxConnections`?",
                        "{file=environments/ci-broken.yaml, line=6, col=18, title=envctl up} expected a duration such as"
                                + " \"90s\", \"1m30s\" or \"2h\", but found the number 10, did you mean \"10s\"?");
        assertThat(step.ran().stderr()).contains("environments/ci-broken.yaml:5:14");
        assertThat(step.files().environment()).isEmpty();
    }

    @Test
    void aFailureIsShownWithItsReasonAndThePhasesUpToIt() {
        project.and("ci-late", Project.small("ci-late"));

        var step = bash("envctl up -e ci-late --timeout 1s -o github");

        assertThat(step.ran().exitCode()).as(step.ran().all()).isEqualTo(4);
        assertThat(RunnerCommand.in(step.ran().stdout()))
                .extracting(RunnerCommand::name)
                .containsExactly("group", "endgroup", "error");
        assertThat(RunnerCommand.in(step.ran().stdout()).get(2).data()).contains("next: ", "--timeout");
        assertThat(step.files().summary())
                .startsWith("### Environment `ci-late` could not be made\n")
                .containsPattern("\\| failed \\|");
        assertThat(step.files().environment()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "command, 'up; touch pwned'",
        "setup, 'true; touch pwned'",
        "environment, '$(touch pwned)'",
        "environment, '`touch pwned`\"; touch pwned #'",
        "workers, '2\"; touch pwned; \"'",
        "ref, '--upload-pack=touch pwned'"
    })
    void noInputIsObeyedAsAPartOfAScript(String input, String value) {
        var inputs = new HashMap<>(Map.of("environment", NAME, "setup", "false", "repository", "no/body"));
        inputs.put(input, value);
        var hostile = new CompositeAction(ACTION, inputs);
        var variables = new HashMap<>(job);
        variables.put("GITHUB_SERVER_URL", "file:///nowhere");
        var codes = new ArrayList<Integer>();
        for (var step : hostile.steps()) {
            if (step.runs() && step.script().isPresent() && codes.stream().allMatch(code -> code == 0)) {
                var done = step(step, variables);
                step.told(done.files().outputs());
                codes.add(done.ran().exitCode());
            }
        }

        assertThat(codes).last().isNotEqualTo(0);
        assertThat(project.folder().resolve("pwned")).doesNotExist();
    }

    @Test
    void anotherVersionIsTakenFromItsRepository() {
        var made = project.bash("""
                git init --quiet -b main '%1$s/owner/copy' && cd '%1$s/owner/copy'
                export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.org GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.org
                echo old > version && git add version && git commit --quiet -m old && git tag v1
                echo new > version && git commit --quiet -a -m new
                """.formatted(temporary));
        assertThat(made.exitCode()).as(made.all()).isZero();
        var other = new CompositeAction(ACTION, Map.of("ref", "v1", "repository", "owner/copy"));
        var variables = new HashMap<>(job);
        variables.put("GITHUB_SERVER_URL", "file://" + temporary);

        var found = step(other.steps().get(0), variables);

        assertThat(found.ran().exitCode()).as(found.ran().all()).isZero();
        assertThat(found.files().path())
                .containsExactly(temporary.resolve("envctl-at-ref").toString());
        assertThat(temporary.resolve("envctl-at-ref/version")).hasContent("old");
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void theLastStepRemovesItWithoutBeingToldWhich() {
        var down = bash("envctl down");

        assertThat(down.ran().exitCode()).as(down.ran().all()).isZero();
        assertThat(down.ran().stderr()).contains("Environment " + NAME + " is gone.");
        project.assertNothingLeft();
    }
}
