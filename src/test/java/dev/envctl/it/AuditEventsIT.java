package dev.envctl.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Element;

/** The commands of examples/audit-events/README.md do as it says: leased tests pass in four processes, shared ones do not. */
class AuditEventsIT {
    private static final String EXAMPLE = "examples/audit-events";
    private static final int TESTS = 152;
    private static final Pattern COMMANDS = Pattern.compile("```\n(mvn .*?)```", Pattern.DOTALL);

    @Test
    void theReadmesCommandsDoAsItSays() throws Exception {
        var commands = commands();
        assertThat(commands).hasSize(3);
        try (var project = Project.with(
                        "audit-events",
                        Files.readString(Project.CHECKOUT.resolve(EXAMPLE + "/environments/audit-events.yaml")))
                .andFilesOf(EXAMPLE)) {
            var configuration = MavenBuilds.ofThisCheckout().configuration();
            project.file(".mvn/maven.config", configuration);
            var target = project.folder().resolve("target");

            var leased = project.bash(commands.get(0), Project.LONG);
            assertThat(leased.exitCode()).as(leased.all()).isZero();
            assertThat(passed(target)).hasSize(TESTS);
            assertThat(processes(target)).as("test processes").hasSize(4);

            // Some failures are enough, and waiting for all of them would take long.
            project.file(".mvn/maven.config", configuration + "-Dfailsafe.skipAfterFailureCount=10\n");
            var shared =
                    project.bash("rm -r target/failsafe-reports target/stopwatch\n" + commands.get(1), Project.LONG);
            assertThat(shared.exitCode()).as(shared.all()).isEqualTo(1);
            assertThat(shared.stdout()).contains("There are test failures");
            assertThat(passed(target)).hasSizeLessThan(TESTS);
            // Each writes something down at the end of its first test, which for one may come after the tenth failure.
            assertThat(processes(target)).as("test processes").hasSizeGreaterThan(1);

            var down = project.bash(commands.get(2));
            assertThat(down.exitCode()).as(down.all()).isZero();
            project.assertNothingLeft();
        }
    }

    private static List<String> commands() throws IOException {
        var found = COMMANDS.matcher(Files.readString(Project.CHECKOUT.resolve(EXAMPLE + "/README.md")));
        assertThat(found.find()).as("commands in the README").isTrue();
        return found.group(1).lines().toList();
    }

    /** Of failsafe's reports: a test without one has not passed. */
    private static Set<String> passed(Path target) throws Exception {
        var passed = new TreeSet<String>();
        var reader = DocumentBuilderFactory.newInstance().newDocumentBuilder();
        for (var file : files(target.resolve("failsafe-reports"), "TEST-")) {
            var tests = reader.parse(file.toFile()).getElementsByTagName("testcase");
            for (var index = 0; index < tests.getLength(); index++) {
                var test = (Element) tests.item(index);
                if (Stream.of("failure", "error", "skipped")
                        .allMatch(bad -> test.getElementsByTagName(bad).getLength() == 0)) {
                    passed.add(test.getAttribute("classname") + "." + test.getAttribute("name"));
                }
            }
        }
        return passed;
    }

    /** Their process ids, as the example's stopwatch writes them down. */
    private static Set<String> processes(Path target) throws IOException {
        var processes = new TreeSet<String>();
        for (var file : files(target.resolve("stopwatch"), "")) {
            Files.readAllLines(file).forEach(line -> processes.add(line.substring(0, line.indexOf('\t'))));
        }
        return processes;
    }

    private static List<Path> files(Path folder, String beginning) throws IOException {
        try (var files = Files.list(folder)) {
            return files.filter(file -> String.valueOf(file.getFileName()).startsWith(beginning))
                    .toList();
        }
    }
}
