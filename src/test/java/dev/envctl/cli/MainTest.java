package dev.envctl.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.client.Installation;
import dev.envctl.process.Command;
import dev.envctl.process.SystemPrograms;
import dev.envctl.runner.RunnerCommand;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
    /** There is no file and no folder of this name in the checkout. */
    private static final String ABSENT = "unit-test-absent";

    /** Front doors that do not know the command line start it by this name. */
    @Test
    void isTheClassThatAnInstallationRuns() {
        assertThat(Main.class.getName()).isEqualTo(Installation.MAIN);
    }

    @Test
    void helpGoesToStandardOutputAndNamesTheCommandsForPeople() {
        var ran = Ran.with("--help");

        assertThat(ran.exitCode()).isZero();
        assertThat(ran.out())
                .contains("up ", "down ", "status ", "env ", "Exit codes: 0 ok")
                .doesNotContain("primary ", "rehearse ");
        assertThat(ran.err()).isEmpty();
    }

    @Test
    void helpIsTheSameWhereOnlyWhatItSaysIsBuilt() {
        var whole = Main.commandLine(new Terminal(false, false, Map.of())).getUsageMessage();

        assertThat(Ran.with("--help").out()).isEqualTo(whole);
        assertThat(Ran.with("--help", "up", "images").out()).isEqualTo(whole);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "up",
                "down",
                "run",
                "gc",
                "status",
                "env",
                "logs",
                "images",
                "setup",
                "doctor",
                "schema",
                "completion",
                "version"
            })
    void everyCommandHasHelp(String command) {
        var ran = Ran.with(command, "--help");

        assertThat(ran.exitCode()).isZero();
        assertThat(ran.out()).startsWith("Usage: envctl " + command);
    }

    @Test
    void removesNothingForAWorker() {
        var ran = Ran.in(new Terminal(false, false, Map.of("ENVCTL_WORKER", "3")), "down", "-e", ABSENT);

        assertThat(ran.exitCode()).isEqualTo(6);
        assertThat(ran.err()).contains("worker 3 of environment " + ABSENT, "unset ENVCTL_WORKER");
    }

    @ParameterizedTest
    @CsvSource({
        "--owner-pid, 0, is not a process id",
        "--owner-pid, -4, is not a process id",
        "--owner-pid, me, is not a process id",
        "--owner-pid, 4194305, is no process that runs",
        "--ttl, 10, did you mean",
        "--idle, soon, is not a duration"
    })
    void refusesALifetimeThatMakesNoSense(String option, String value, String why) {
        var ran = Ran.with("up", option + "=" + value);

        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.err()).startsWith("error: " + option + ": ").contains(why, "next: ");
    }

    @Test
    void isNotItsOwnOwner() {
        var ran = Ran.with(
                "up", "--owner-pid", Long.toString(ProcessHandle.current().pid()));

        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.err()).contains("is this command itself");
    }

    @Test
    void collectsNothingForAWorker() {
        var ran = Ran.in(new Terminal(false, false, Map.of("ENVCTL_WORKER", "3")), "gc");

        assertThat(ran.exitCode()).isEqualTo(6);
        assertThat(ran.err()).contains("This is worker 3 of an environment", "unset ENVCTL_WORKER");
    }

    @ParameterizedTest
    @ValueSource(strings = {"up", "env", "worker acquire", "images warm"})
    void speaksToGitHubOnlyInAStepOfIts(String command) {
        var ran = Ran.with((command + " -o github").split(" "));

        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.err()).contains("GITHUB_ENV", "next: Use it in a step of GitHub Actions");
        assertThat(RunnerCommand.in(ran.out())).extracting(RunnerCommand::name).containsExactly("endgroup", "error");
    }

    @Test
    void aWrongOptionIsShownOnThePageOfTheRun() {
        assertThat(Ran.with("up", "-o", "github", "--recreat").out())
                .contains("::error title=envctl up::Unknown option");
    }

    @ParameterizedTest
    @CsvSource({"--dry-run, github", "--foreground, dotenv", "--dry-run, env"})
    void handsNothingOutWhereThereIsNothing(String option, String format) {
        var ran = Ran.with("up", option, "-o", format);

        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.err()).contains(option + " hands nothing out: not with `-o " + format + "`.");
    }

    @Test
    void asksForACommand() {
        var ran = Ran.with();

        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.err()).isEqualTo("""
                error: A command is missing.
                next: `envctl --help` shows what can be said.
                """);
    }

    @ParameterizedTest
    @CsvSource({"up, --recreat, --recreate", "up, --dryrun, --dry-run", "env, --workr, --worker"})
    void suggestsTheOptionThatWasMeant(String command, String written, String meant) {
        var ran = Ran.with(command, written);

        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.err())
                .startsWith("error: Unknown option: '" + written + "'")
                .contains(meant);
        assertThat(ran.out()).isEmpty();
    }

    @Test
    void suggestsTheCommandThatWasMeant() {
        assertThat(Ran.with("statsu").err()).contains("Did you mean: envctl status");
    }

    @Test
    void namesTheValuesThatAnOptionTakes() {
        var ran = Ran.with("status", "-o", "xml");

        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.err()).contains("xml", "text", "json", "next: `envctl status --help`");
    }

    @ParameterizedTest
    @EnumSource
    void aFailureEndsWithTheExitCodeOfItsKind(FailureKind kind) {
        var ran = Ran.failing(new EnvctlException(kind, "It broke.", "Mend it."));

        assertThat(ran.exitCode()).isEqualTo(kind.exitCode());
        assertThat(ran.err()).isEqualTo("error: It broke.\nnext: Mend it.\n");
        assertThat(ran.out()).isEmpty();
    }

    @Test
    void aDefectShowsWhereItIs() {
        var ran = Ran.failing(new Terminal(false, false, Map.of()), new IllegalStateException("odd"));

        assertThat(ran.exitCode()).isEqualTo(1);
        assertThat(ran.err())
                .startsWith("error: Unexpected IllegalStateException: odd\n")
                .contains("  at dev.envctl.cli.", "next: This is a defect of envctl");
    }

    @Test
    void aFailureIsOneLineOfJsonWhereProgressIs() {
        var failure = new EnvctlException(FailureKind.IMAGE, "It broke.", "", List.of("seen"), null);

        var ran = Ran.failing(new Terminal(false, false, Map.of()), failure, "--progress", "json");

        assertThat(ran.err().lines()).hasSize(1);
        var json = JsonParser.parseString(ran.err()).getAsJsonObject();
        assertThat(json.get("exitCode").getAsInt()).isEqualTo(5);
        assertThat(json.get("details")).hasToString("[\"seen\"]");
    }

    @Test
    void coloursOnlyOnRequestWhereThereIsNoTerminal() {
        var failure = new EnvctlException(FailureKind.FAILED, "It broke.", "");
        var pipe = new Terminal(false, false, Map.of());

        assertThat(Ran.failing(pipe, failure).err()).doesNotContain("\u001b");
        assertThat(Ran.failing(pipe, failure, "--color", "always").err()).startsWith("\u001b[31merror:\u001b[0m");
    }

    @Test
    void aDryRunShowsThePlan() {
        var ran = Ran.with("up", "--dry-run");

        assertThat(ran.exitCode()).isZero();
        assertThat(ran.out())
                .contains("environment e2e from", "docker.io/library/redis@sha256:", "hand off")
                .contains("after pull images, reserve ports")
                .contains("4 workers × 20 + 10 in reserve = 90 of 200", "80 connections × 2 MiB = 416 of 512 MiB");
        assertThat(ran.err()).isEmpty();
    }

    @Test
    void aDryRunAsJsonIsOnlyJson() {
        var ran = Ran.with("up", "-n", "-o", "json", "--timeout", "90s");

        assertThat(ran.exitCode()).isZero();
        var json = JsonParser.parseString(ran.out()).getAsJsonObject();
        assertThat(json.get("name").getAsString()).isEqualTo("e2e");
        assertThat(json.getAsJsonArray("images")).hasSize(3);
        assertThat(json.getAsJsonArray("phases"))
                .extracting(phase -> phase.getAsJsonObject().get("name").getAsString())
                .startsWith("check prerequisites")
                .endsWith("hand off");
    }

    @Test
    void aVariableOverridesTheFile() {
        var terminal = new Terminal(false, false, Map.of("ENVCTL_WORKERS_COUNT", "2"));

        assertThat(Ran.in(terminal, "up", "-n").out()).contains("2 workers with 10 each and 2 that reach node ports");
    }

    @Test
    void aWrongVariableIsNamed() {
        var terminal = new Terminal(false, false, Map.of("ENVCTL_WORKERS_COUNT", "many"));

        var ran = Ran.in(terminal, "up", "-n");

        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.err()).contains("ENVCTL_WORKERS_COUNT", "many");
    }

    @Test
    void namesTheEnvironmentsThereAre() {
        var ran = Ran.with("up", "--dry-run", "-e", ABSENT);

        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.err()).contains(ABSENT, "e2e", "next: ");
    }

    @Test
    void theEnvironmentCanComeFromAVariable() {
        var terminal = new Terminal(false, false, Map.of("ENVCTL_ENVIRONMENT", ABSENT));

        assertThat(Ran.in(terminal, "status").out()).startsWith("environment " + ABSENT + " is absent");
    }

    @ParameterizedTest
    @CsvSource({"worker", "worker release", "worker reset", "worker acquire --ttl 90", "worker release x"})
    void refusesAWorkerCommandThatMakesNoSense(String line) {
        assertThat(Ran.with(line.split(" ", -1)).exitCode()).as(line).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"worker acquire", "worker release 5", "worker reset 5", "worker list"})
    void thereAreNoLeasesOfWhatDoesNotRun(String line) {
        var ran = Ran.with((line + " -e " + ABSENT).split(" ", -1));

        assertThat(ran.exitCode()).isEqualTo(6);
        assertThat(ran.err()).contains("Environment " + ABSENT + " is not running", "next: Start it with");
    }

    @Test
    void statusOfNothingIsNotReady() {
        var ran = Ran.with("status", "-e", ABSENT, "-o", "json");

        assertThat(ran.exitCode()).isEqualTo(6);
        assertThat(JsonParser.parseString(ran.out()))
                .isEqualTo(JsonParser.parseString("{\"name\": \"%s\", \"state\": \"absent\"}".formatted(ABSENT)));
    }

    @Test
    void settingsOfNothingAreRefusedAndStandardOutputStaysEmpty() {
        var ran = Ran.with("env", "-e", ABSENT);

        assertThat(ran.exitCode()).isEqualTo(6);
        assertThat(ran.out()).isEmpty();
        assertThat(ran.err()).isEqualTo("""
                error: Environment %1$s is not running.
                next: Start it with `envctl up -e %1$s`.
                """.formatted(ABSENT));
    }

    @Test
    void removingNothingIsFine() {
        var ran = Ran.with("down", "-e", ABSENT);

        assertThat(ran.exitCode()).isZero();
        assertThat(ran.err()).isEqualTo("There is no environment %s.\n".formatted(ABSENT));
    }

    @Test
    void thereIsNoLogOfAnUnknownService() {
        assertThat(Ran.with("logs", "mysql").exitCode()).isEqualTo(2);
        assertThat(Ran.with("logs", "-e", ABSENT).exitCode()).isEqualTo(6);
    }

    @Test
    void theDetachedPrimaryUnderstandsWhatUpTellsIt() {
        var words = new String[] {
            "primary",
            "--environment",
            "e2e",
            "--progress",
            "plain",
            "--color",
            "never",
            "--keep-on-failure",
            "--timeout",
            "5m"
        };

        var parsed = Main.commandLine(new Terminal(false, false, Map.of())).parseArgs(words);

        assertThat(parsed.subcommand().unmatched()).isEmpty();
        assertThat(parsed.subcommand().matchedOptionValue("--timeout", "")).isEqualTo("5m");
    }

    @Test
    void theSchemaIsJson() {
        var schema = JsonParser.parseString(Ran.with("schema").out()).getAsJsonObject();

        assertThat(schema.get("$schema").getAsString()).contains("draft-07");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh"})
    void bashTakesTheCompletionScript(String shell) {
        var script = Ran.with("completion", shell);

        var checked = new SystemPrograms().run(Command.of("bash", "-n").reading(script.out()));

        assertThat(script.exitCode()).isZero();
        assertThat(script.out()).contains("--recreate");
        assertThat(checked.stderr()).isEmpty();
        assertThat(checked.exitCode()).isZero();
    }

    @Test
    void saysItsVersion() {
        assertThat(Ran.with("version").out()).startsWith("envctl ");
        assertThat(Ran.with("--version").out()).isEqualTo(Ran.with("version").out());
    }
}
