package dev.envctl.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.envctl.FailureKind;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ViolationsTest {
    private Project project;

    @BeforeEach
    void makeProject(@TempDir Path directory) {
        project = new Project(directory);
    }

    @Test
    void suggestsTheKeyThatWasMeant() {
        var failure = project.environment(Project.HEAD + "cluster:\n  enginee: podman\n")
                .failure();

        assertThat(failure.kind()).isEqualTo(FailureKind.USAGE);
        assertThat(failure.problem()).isEqualTo("""
                        environments/e2e.yaml has 1 error:

                        environments/e2e.yaml:5:3: unknown key `enginee`, did you mean `engine`?
                            5 |   enginee: podman
                              |   ^^^^^^^""");
        assertThat(failure.remedy()).isEqualTo("Run `envctl schema` to see every key with its type and default.");
    }

    @Test
    void listsTheKeysWhenNoneIsNear() {
        assertThat(project.problemOf("ports: {first: 15000}\n")).isEqualTo("""
                        environments/e2e.yaml has 1 error:

                        environments/e2e.yaml:4:9: unknown key `first`; known here: from, to
                            4 | ports: {first: 15000}
                              |         ^^^^^""");
    }

    @Test
    void tellsAllMistakesInFileOrder() {
        assertThat(project.environment("""
                                apiVersion: envctl.dev/v2
                                metdata: {name: e2e}
                                timeouts:
                                  total: 90
                                services:
                                  redis:
                                    storage: dsk
                                cluster: {image: "docker.io/kindest/node:v1.34.3"}
                                workers: {count: 513, count: 5}
                                """).failure().problem()).isEqualTo("""
                        environments/e2e.yaml has 8 errors:

                        environments/e2e.yaml:1:1: missing key `kind`
                            1 | apiVersion: envctl.dev/v2
                              | ^^^^^^^^^^

                        environments/e2e.yaml:1:13: expected `envctl.dev/v1`, but found "envctl.dev/v2"
                            1 | apiVersion: envctl.dev/v2
                              |             ^^^^^^^^^^^^^

                        environments/e2e.yaml:2:1: unknown key `metdata`, did you mean `metadata`?
                            2 | metdata: {name: e2e}
                              | ^^^^^^^

                        environments/e2e.yaml:4:10: expected a duration such as "90s", "1m30s" or "2h", but found the number 90, did you mean "90s"?
                            4 |   total: 90
                              |          ^^

                        environments/e2e.yaml:7:14: expected `memory` or `disk`, but found "dsk", did you mean `disk`?
                            7 |     storage: dsk
                              |              ^^^

                        environments/e2e.yaml:8:18: expected a name from images.lock, without registry, tag or digest, but found "docker.io/kindest/node:v1.34.3"
                            8 | cluster: {image: "docker.io/kindest/node:v1.34.3"}
                              |                  ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

                        environments/e2e.yaml:9:18: expected a whole number from 0 to 512, but found the number 513
                            9 | workers: {count: 513, count: 5}
                              |                  ^^^

                        environments/e2e.yaml:9:23: duplicate key `count`, first given in line 9
                            9 | workers: {count: 513, count: 5}
                              |                       ^^^^^""".replace("has 7 errors", "has 8 errors"));
    }

    @Test
    void refusesALineBreakBehindAValue() {
        assertThat(project.problemOf("timeouts:\n  total: |\n    90s\n")).contains("5:3: expected a duration such as");
    }

    @Test
    void acceptsAWholeNumberWithAPoint() {
        assertThat(project.environment(Project.HEAD + "workers: {count: 5.0}\n")
                        .load()
                        .workers()
                        .count())
                .isEqualTo(5);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "workers: {count: \"4\"}|expected a whole number from 0 to 512, but found \"4\", did you mean `4` without quotes?",
                "workers: {count: 1.5}|expected a whole number from 0 to 512, but found the number 1.5",
                "workers: {count: many}|expected a whole number from 0 to 512, but found \"many\"",
                "workers: {count: true}|expected a whole number from 0 to 512, but found true",
                "workers: {count: [1]}|expected a whole number from 0 to 512, but found a list",
                "workers: {count: 99999999999}|expected a whole number from 0 to 512, but found the number 99999999999",
                "workers:|expected a map, but found nothing, did you mean `workers: {}`?",
                "manifests:|expected a list, but found nothing, did you mean `manifests: []`?",
                "manifests: crd.yaml|expected a list, but found \"crd.yaml\", did you mean `[crd.yaml]`?",
                "manifests: [5]|expected a path or {path: …, namespace: …}, but found the number 5, did you mean \"5\"?",
                "manifests: [{}]|missing key `manifests[0].path`",
                "timeouts: {pull: 5 minutes}|expected a duration such as \"90s\", \"1m30s\" or \"2h\", but found \"5 minutes\", did you mean \"5m\"?",
                "timeouts: {pull: soon}|expected a duration such as \"90s\", \"1m30s\" or \"2h\", but found \"soon\"",
                "services: {redis: {resources: {memory: 512}}}|expected a quantity of memory such as \"512Mi\" or \"2Gi\", but found the number 512, did you mean \"512Mi\"?",
                "services: {redis: {resources: {memory: 1GB}}}|expected a quantity of memory such as \"512Mi\" or \"2Gi\", but found \"1GB\", did you mean \"1Gi\"?",
                "services: {postgres: {settings: {work-mem: 8MB}}}|`work-mem` cannot be a key here",
                "services: {postgres: {settings: {work_mem: }}}|expected text, a number or true or false, but found nothing",
            })
    void saysWhatIsExpectedAndWhatIsThere(String line, String message) {
        assertThat(project.problemOf(line + "\n").lines().skip(2).findFirst().orElseThrow())
                .endsWith(": " + message);
        assertThat(project.problemOf(line + "\n")).startsWith("environments/e2e.yaml has 1 error:");
    }
}
