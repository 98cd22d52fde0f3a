package dev.envctl.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CapacityPlanTest {
    private Project project;

    @BeforeEach
    void makeProject(@TempDir Path directory) {
        project = new Project(directory);
    }

    @Test
    void showsEverySumOfTheDefaults() {
        assertThat(CapacityPlan.of(load("services: {postgres: {}, redis: {}}\n")))
                .containsExactly(
                        new CapacityPlan.Line("connections", "4 workers × 20 + 10 in reserve = 90", 90, 200, ""),
                        new CapacityPlan.Line("Redis indexes", "4 workers + 1 reserved = 5", 5, 64, ""),
                        new CapacityPlan.Line(
                                "ports", "4 workers × 12 + 2 services + 1 API server = 51", 51, 10001, ""),
                        new CapacityPlan.Line(
                                "Postgres data", "8 databases × 8 MiB + 64 MiB log = 128", 128, 256, "MiB"),
                        new CapacityPlan.Line(
                                "Postgres memory",
                                "128 MiB data + 128 MiB buffers + 80 connections × 2 MiB = 416",
                                416,
                                512,
                                "MiB"));
    }

    @Test
    void countsAServerForEachWorkerWhereTheyShareNone() {
        var lines = CapacityPlan.of(load("services: {redis: {isolation: instance}}\n"));

        assertThat(lines)
                .containsExactly(new CapacityPlan.Line(
                        "ports", "4 workers × 12 + 5 services + 1 API server = 54", 54, 10001, ""));
    }

    @Test
    void doubtsThatAllConnectionsFit() {
        assertThat(CapacityPlan.doubts(load("services: {postgres: {}}\nworkers: {count: 8}\n")))
                .containsExactly("Postgres may be killed for its memory once all workers use all their connections: "
                        + "160 MiB data + 128 MiB buffers + 160 connections × 2 MiB = 608 MiB, and its limit is 512 MiB. "
                        + "Raise `services.postgres.resources.memory` to 640Mi.");
        assertThat(CapacityPlan.doubts(load("services: {postgres: {}}\n"))).isEmpty();
    }

    @Test
    void sumsUpWhatTheMachineMustGive() {
        var forecast = MemoryForecast.of(load("services: {postgres: {}, redis: {}}\ncluster: {workerNodes: 2}\n"));

        assertThat(forecast.sum()).isEqualTo("control plane 800 + 2 nodes 600 + Postgres 416 + Redis 16 = 1832 MiB");
    }

    @Test
    void neverCountsMoreThanAContainerMayTake() {
        var forecast = MemoryForecast.of(
                load("services: {postgres: {maxConnections: 1000}}\nworkers: {count: 16, connections: 50}\n"));

        assertThat(forecast.sum()).isEqualTo("control plane 800 + Postgres 512 = 1312 MiB");
    }

    @Test
    void saysWhatWouldMakeRoomOnTheMachine() {
        var forecast = MemoryForecast.of(load("services: {postgres: {}}\n"));

        assertThat(forecast.shortage(1216)).isEmpty();
        assertThat(forecast.shortage(1215)).contains("End what takes 1 MiB, or lower `workers.count` to 3.");
        assertThat(forecast.shortage(500)).contains("End what takes 716 MiB.");
    }

    @Test
    void lowersFirstWhatIsOnlyOnDemand() {
        var forecast = MemoryForecast.of(load("services: {postgres: {}}\nworkers: {count: 4, onDemand: 4}\n"));

        assertThat(forecast.shortage(forecast.total() - 1))
                .hasValueSatisfying(change -> assertThat(change).endsWith("or lower `workers.onDemand` to 3."));
    }

    private EnvironmentSpec load(String yaml) {
        return project.environment(Project.HEAD + yaml).load();
    }
}
