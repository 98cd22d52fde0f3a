package dev.envctl.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The examples of other test runners: the commands of their READMEs, with four processes, in a copy of them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ExamplesIT {
    private static final String NAME = "rn-examples";

    /** Beside the launcher and the plugin as in a checkout, and the environment under the test's own name. */
    private static final String LAY_OUT = """
            ln -s '%1$s/envctl' '%1$s/src' .
            tar -C '%1$s' --exclude=.venv --exclude=.envctl --exclude=.running --exclude=.printer -cf - examples | tar -xf -
            mv examples/environments/sql environments/
            rm -r examples/environments
            """.formatted(Project.CHECKOUT);

    @SuppressWarnings("NullAway.Init")
    private Project project;

    @BeforeAll
    void copyThem() throws IOException {
        var environment = Files.readString(Project.CHECKOUT.resolve("examples/environments/e2e.yaml"));
        project = Project.with(NAME, environment.replace("name: e2e", "name: " + NAME));
        succeeds(project.bash(LAY_OUT));
        project.variable("ENVCTL_ENVIRONMENT", NAME).variable("PYTHONDONTWRITEBYTECODE", "1");
    }

    @AfterAll
    void removeThem() {
        project.close();
    }

    @Test
    void pytestMakesTheEnvironmentAndItGoesWithTheRun() {
        Installed.requirePython();
        var ran = readmeOf("pytest-xdist");
        assertThat(ran.stdout()).contains("envctl: environment rn-examples, made for this run (");
        requireFourProcessesOfPytest(ran);
        Awaitility.await()
                .atMost(Duration.ofMinutes(1))
                .untilAsserted(() -> assertThat(Leftovers.of(project.folder())).isEmpty());
    }

    @Test
    void ginkgosFirstProcessMakesTheEnvironmentAndRemovesIt() throws IOException {
        Installed.requireGo();
        requireFourProcessesOfGinkgo(readmeOf("ginkgo"));
        project.assertNothingLeft();
    }

    @Test
    void anEnvironmentThatRunsIsSharedAndLeftAlone() throws IOException {
        Installed.requirePython();
        Installed.requireGo();
        Installed.requireShellTools();
        project.succeeds("up");
        var before = project.handOff(NAME).get("id").getAsString();

        var pytest = readmeOf("pytest-xdist");
        assertThat(pytest.stdout())
                .contains("envctl: environment rn-examples (")
                .doesNotContain("made for this run");
        requireFourProcessesOfPytest(pytest);
        requireFourProcessesOfGinkgo(readmeOf("ginkgo"));
        requireFourProcessesOfTheScript(readmeOf("shell"));

        project.succeeds("status");
        assertThat(project.handOff(NAME).get("id").getAsString()).isEqualTo(before);
        project.succeeds("down");
        project.assertNothingLeft();
    }

    private Ran readmeOf(String example) {
        var folder = "examples/" + example;
        return succeeds(project.bash(
                "cd " + folder + "\n" + ReadmeCommands.of(project.folder().resolve(folder + "/README.md")),
                Project.LONG));
    }

    private static Ran succeeds(Ran ran) {
        assertThat(ran.exitCode()).as(ran.all()).isZero();
        return ran;
    }

    private void requireFourProcessesOfPytest(Ran ran) {
        var report = PytestReport.read(project.folder().resolve("examples/pytest-xdist/report.xml"));
        assertThat(report.tests()).as(ran.all()).isGreaterThan(20);
        assertThat(ran.stdout())
                .contains("4 workers [%d items]".formatted(report.tests()))
                .contains("%d passed".formatted(report.tests()));
        assertThat(report.troubles()).as(ran.all()).isZero();
        requireFour(report.leases(), ran);
    }

    private void requireFourProcessesOfGinkgo(Ran ran) throws IOException {
        var report = project.folder().resolve("examples/ginkgo/report.json");
        var specs = JsonParser.parseString(Files.readString(report))
                .getAsJsonArray()
                .get(0)
                .getAsJsonObject()
                .getAsJsonArray("SpecReports");
        var leases = new TreeSet<String>();
        var tests = 0;
        for (var each : specs) {
            var spec = each.getAsJsonObject();
            assertThat(spec.get("State").getAsString()).as(ran.all()).isEqualTo("passed");
            if (spec.get("LeafNodeType").getAsString().equals("It")) {
                tests++;
                var entry = spec.getAsJsonArray("ReportEntries").get(0).getAsJsonObject();
                leases.add(entry.getAsJsonObject("Value").get("Representation").getAsString());
            }
        }
        assertThat(tests).as(ran.all()).isGreaterThan(20);
        assertThat(ran.stdout().replaceAll("\u001b\\[[0-9;]*m", ""))
                .contains("Ran %1$d of %1$d Specs".formatted(tests), "%d Passed | 0 Failed".formatted(tests));
        requireFour(leases, ran);
    }

    private static void requireFourProcessesOfTheScript(Ran ran) {
        assertThat(ran.stdout().lines().toList())
                .as(ran.all())
                .hasSize(5)
                .endsWith("4 of 4 passed")
                .allMatch(line -> line.matches("worker ([1-4]): passed: 5 orders in worker_\\1 as w\\1-[0-9a-f]{8}")
                        || line.equals("4 of 4 passed"));
    }

    private static void requireFour(Set<String> leases, Ran ran) {
        assertThat(leases.stream().map(lease -> lease.substring(0, 3)))
                .as(ran.all())
                .containsExactlyElementsOf(List.of("w1-", "w2-", "w3-", "w4-"));
    }
}
