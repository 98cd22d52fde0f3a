package dev.envctl.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OnDemandRoomTest {
    @TempDir
    Path directory;

    private OnDemandRoom of(String yaml) {
        return OnDemandRoom.of(
                new Project(directory).environment(Project.HEAD + yaml + "\n").load());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "services: {postgres: {maxConnections: 200}, redis: {}} | 5 | Postgres has 200 connections",
                "services: {postgres: {maxConnections: 9000}} | 16 | its volume of 256 MiB holds the databases of 20 workers",
                "services: {postgres: {maxConnections: 9000, storage: disk}, redis: {databases: 16}} | 11 | Redis has 16 databases",
                "services: {redis: {databases: 9000}} | 829 | 15000-25000 holds 10001 ports",
                "services: {redis: {isolation: instance}} | 0 | isolation: instance",
                "workers: {onDemand: 3} | 3 | workers.onDemand is 3",
                "workers: {ports: 0} | 1020 | at most 1024"
            })
    void isTheLeastOfWhatEverythingAllows(String yaml, int most, String reason) {
        assertThat(of(yaml).most()).isEqualTo(most);
        assertThat(of(yaml).reason()).contains(reason);
    }

    @Test
    void isCountedBeforeAnythingIsMadeWhereTheFileAsksForIt() {
        assertThat(new Project(directory)
                        .problemOf("services: {postgres: {}, redis: {}}\nworkers: {count: 0, onDemand: 64}\n"))
                .contains(
                        "64 workers (64 of them on demand) × 20 connections + 10 in reserve = 1290",
                        "64 workers (64 of them on demand) + 1 reserved");
    }

    @Test
    void nodePortsAreNoMoreThanAClusterHas() {
        var project = new Project(directory);

        assertThat(project.problemOf("workers: {count: 50, ports: 60, nodePorts: 50}\n"))
                .contains("50 workers × 50 node ports = 2500, but a cluster has 2199");
    }
}
