package dev.envctl.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CapacityTest {
    private Project project;

    @BeforeEach
    void makeProject(@TempDir Path directory) {
        project = new Project(directory);
    }

    @Test
    void tellsAllSumsThatDoNotFit() {
        assertThat(project.problemOf("""
                        services:
                          postgres: {maxConnections: 100}
                          redis: {databases: 4}
                        workers: {count: 4, connections: 60}
                        ports: {from: 15000, to: 15040}
                        """)).isEqualTo("""
                        environments/e2e.yaml has 3 errors:

                        environments/e2e.yaml:5:30: 4 workers × 60 connections + 10 in reserve = 250, but Postgres has 100: raise `maxConnections` to 250 or lower `workers.connections` to 22
                            5 |   postgres: {maxConnections: 100}
                              |                              ^^^

                        environments/e2e.yaml:6:22: 4 workers + 1 reserved (index 0) = 5, but Redis has 4: raise `databases` to 5
                            6 |   redis: {databases: 4}
                              |                      ^

                        environments/e2e.yaml:8:26: 4 workers × 10 ports + 2 services + 1 API server = 43, but 15000-15040 holds 41: raise `ports.to` to 15042
                            8 | ports: {from: 15000, to: 15040}
                              |                          ^^^^^""");
    }

    @Test
    void leavesItToTheServerWhetherItHasEnoughForItself() {
        var spec = project.environment(Project.HEAD + "services: {postgres: {resources: {memory: 16Mi}}}\n")
                .load();

        assertThat(CapacityPlan.doubts(spec)).singleElement().asString().contains("its limit is 16 MiB");
    }

    @Test
    void acceptsWhatJustFits() {
        var spec = project.environment(Project.HEAD + """
                        services:
                          postgres: {maxConnections: 250}
                          redis: {databases: 5}
                        workers: {count: 4, connections: 60}
                        ports: {from: 15000, to: 15042}
                        """).load();

        assertThat(spec.ports().size()).isEqualTo(43);
        assertThat(spec.workers().nodePorts()).isZero();
    }

    @Test
    void givesAsManyNodePortsAsThereIsRoomForUnlessToldHowMany() {
        assertThat(nodePorts("ports: {from: 15000, to: 15043}\n")).isZero();
        assertThat(nodePorts("ports: {from: 15000, to: 15044}\n")).isEqualTo(1);
        assertThat(nodePorts("")).isEqualTo(2);
        assertThat(nodePorts("workers: {ports: 1}\n")).isEqualTo(1);
        assertThat(nodePorts("workers: {nodePorts: 5}\n")).isEqualTo(5);
        assertThat(project.problemOf("workers: {nodePorts: 2}\nports: {from: 15000, to: 15043}\n"))
                .contains("4 workers × (10 + 2 ports) + 1 API server = 49");
    }

    private int nodePorts(String lines) {
        return project.environment(Project.HEAD + lines).load().workers().nodePorts();
    }

    @Test
    void countsAPortForEachRedisServerAndNoIndexes() {
        assertThat(project.problemOf("""
                        services:
                          redis: {isolation: instance, databases: 2}
                        workers: {count: 4}
                        ports: {from: 15000, to: 15040}
                        """))
                .contains("4 workers × 10 ports + 1 service + 4 Redis servers + 1 API server = 46")
                .doesNotContain("databases");
    }

    @Test
    void countsNoServiceThatAsksForAPortElsewhere() {
        var spec = project.environment(Project.HEAD + """
                        services: {redis: {port: 16379}}
                        ports: {from: 15000, to: 15040}
                        """).load();

        assertThat(spec.ports().size()).isEqualTo(41);
    }

    @Test
    void asksForNothingOfServicesThatAreNotThere() {
        assertThat(project.environment(Project.HEAD + "workers: {count: 200}\n")
                        .load()
                        .workers()
                        .count())
                .isEqualTo(200);
    }

    @Test
    void extendsARangeDownwardsAtTheEndOfAllPorts() {
        assertThat(project.problemOf("ports: {from: 65500, to: 65535}\n"))
                .contains(
                        "4 workers × 10 ports + 1 API server = 41, but 65500-65535 holds 36: lower `ports.from` to 65495");
    }

    @Test
    void refusesARangeThatEndsBeforeItBegins() {
        assertThat(project.problemOf("ports: {to: 14000}\n"))
                .contains("4:13: the range ends before it begins: `from` is 15000 and `to` is 14000");
    }

    @Test
    void tellsEverySumThatOneValueBreaks() {
        assertThat(project.problemOf("services: {postgres: {}, redis: {}}\nworkers: {count: 70}\n"))
                .startsWith("environments/e2e.yaml has 3 errors:")
                .contains("70 workers × 20 connections", "70 workers + 1 reserved", "74 databases × 8 MiB");
    }

    @Test
    void refusesMoreDatabasesInMemoryThanThereIsRoomFor() {
        assertThat(project.problemOf("""
                        services: {postgres: {maxConnections: 2000}}
                        workers: {count: 64}
                        """))
                .contains(
                        "68 databases × 8 MiB + 64 MiB log = 608 MiB in memory, but half of the 512 MiB of Postgres is 256: "
                                + "raise `resources.memory` to 1472Mi or lower `workers.count` to 20, or set `storage: disk`");
    }

    @Test
    void lowersFirstWhatIsOnlyOnDemand() {
        var postgres = "services: {postgres: {maxConnections: 2000}}\n";

        assertThat(project.problemOf(postgres + "workers: {count: 4, onDemand: 64}\n"))
                .contains(
                        "raise `resources.memory` to 1536Mi or lower `workers.onDemand` to 16, or set `storage: disk`");
        assertThat(project.problemOf(postgres + "workers: {count: 30, onDemand: 10}\n"))
                .contains("or lower `workers.count` to 10, or");
        assertThat(project.problemOf(postgres + "workers: {count: 30, onDemand: 20}\n"))
                .contains("or lower `workers.count` and `workers.onDemand` to 20 together, or");
    }

    @Test
    void countsTheTemplateThatSqlMakes() {
        project.with("one.sql", "SELECT 1;");
        var twenty = "services: {postgres: {maxConnections: 500%s}}\nworkers: {count: 20}\n";

        assertThat(project.environment(Project.HEAD + twenty.formatted(""))
                        .load()
                        .workers()
                        .count())
                .isEqualTo(20);
        assertThat(project.problemOf(twenty.formatted(", init: [../one.sql]"))).contains("25 databases × 8 MiB");
    }

    @Test
    void countsNoDatabasesOnDisk() {
        assertThat(project.environment(Project.HEAD + """
                        services: {postgres: {maxConnections: 2000, storage: disk}}
                        workers: {count: 64}
                        """).load().workers().count())
                .isEqualTo(64);
    }

    @Test
    void concludesNothingFromAKeyThatMayBeMisspelt() {
        assertThat(project.problemOf("""
                        services: {postgres: {maxConnection: 1000}}
                        workers: {connections: 200}
                        """))
                .startsWith("environments/e2e.yaml has 1 error:")
                .contains("unknown key `maxConnection`, did you mean `maxConnections`?");
    }

    @Test
    void concludesNothingFromAWrongValue() {
        assertThat(project.problemOf("services: {redis: {databases: few}}\nworkers: {count: 100}\n"))
                .startsWith("environments/e2e.yaml has 1 error:");
    }
}
