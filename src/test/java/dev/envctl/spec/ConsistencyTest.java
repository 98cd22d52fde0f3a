package dev.envctl.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsistencyTest {
    private Path directory = Path.of("");
    private Project project = new Project(directory);

    @BeforeEach
    void makeProject(@TempDir Path temporary) {
        directory = temporary;
        project = new Project(temporary);
    }

    @Test
    void refusesOnePortForTwoServices() {
        assertThat(project.problemOf("services: {postgres: {port: 15001}, redis: {port: 15001}}\n"))
                .contains("4:51: Postgres and Redis both ask for port 15001: give them different ports, or none");
    }

    @Test
    void refusesServerSettingsThatHaveAKeyOfTheirOwn() {
        assertThat(project.problemOf("services: {postgres: {settings: {max_connections: 50, port: 1}}}\n"))
                .contains(
                        "4:34: set `services.postgres.maxConnections` instead of `max_connections`",
                        "4:55: `port` is set by envctl itself");
    }

    @Test
    void refusesSuitesThatMakeNoSense() {
        assertThat(project.problemOf("""
                        suites:
                          - {name: api, image: tests, reports: reports}
                          - {name: api, image: tests, reports: [/a/../b, '/a/[']}
                          - {name: Big, comand: [x], timeout: 5, exclusive: maybe, resources: {memory: 1}}
                        """))
                .contains(
                        "5:40: expected an absolute path in the container such as \"/reports\" or \"/app/target/*.xml\", or a list of them, but found \"reports\"\n",
                        "6:12: there is another suite `api`: give each its own name",
                        "6:41: expected an absolute path",
                        "6:50: this is no pattern: ",
                        "7:12: expected a name of at most 40 lower-case letters",
                        "7:17: unknown key `comand`, did you mean `command`?",
                        "7:39: expected a duration",
                        "7:53: expected true or false",
                        "7:80: expected a quantity of memory");
    }

    @Test
    void wantsTheFilesThatAreNamed() {
        project.with("environments/sql/schema.sql", "").with("environments/empty/notes.txt", "");

        assertThat(project.problemOf("""
                        services: {postgres: {init: [sql/shema.sql, sql]}}
                        manifests:
                          - empty
                          - {path: ../nowhere.yaml}
                        """)).isEqualTo("""
                        environments/e2e.yaml has 3 errors:

                        environments/e2e.yaml:4:30: there is no file or folder DIRECTORY/environments/sql/shema.sql, did you mean `sql/schema.sql`?
                            4 | services: {postgres: {init: [sql/shema.sql, sql]}}
                              |                              ^^^^^^^^^^^^^

                        environments/e2e.yaml:6:5: the folder DIRECTORY/environments/empty holds no *.yaml or *.yml
                            6 |   - empty
                              |     ^^^^^

                        environments/e2e.yaml:7:12: there is no file or folder DIRECTORY/nowhere.yaml
                            7 |   - {path: ../nowhere.yaml}
                              |            ^^^^^^^^^^^^^^^""".replace("DIRECTORY", directory.toString()));
    }
}
