package dev.envctl.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OverridesTest {
    private Project project = new Project(Path.of(""));

    @BeforeEach
    void makeProject(@TempDir Path directory) {
        project = new Project(directory);
        project.environment(Project.HEAD + "services: {postgres: {}}\nworkers: {count: 2}\ntimeouts: {total: 10m}\n");
    }

    @Test
    void winOverTheFileAndOverDefaults() {
        var spec = project.load(Overrides.from(Map.of(
                "ENVCTL_WORKERS_COUNT", "3",
                "ENVCTL_CLUSTER_ENGINE", "docker",
                "ENVCTL_SERVICES_POSTGRES_RESOURCES_MEMORY", "1Gi",
                "ENVCTL_SERVICES_POSTGRES_DATABASE", "null")));

        assertThat(spec.workers().count()).isEqualTo(3);
        assertThat(spec.cluster().engine()).isEqualTo(ClusterSpec.EngineChoice.DOCKER);
        assertThat(spec.postgres().orElseThrow().resources().memory()).isEqualTo("1Gi");
        assertThat(spec.postgres().orElseThrow().database()).isEqualTo("null");
    }

    @Test
    void letFlagsWinOverVariables() {
        var overrides =
                Overrides.from(Map.of("ENVCTL_TIMEOUTS_TOTAL", "nonsense")).with("timeouts.total", "5m", "--timeout");

        assertThat(project.load(overrides).timeouts().total()).isEqualTo(Duration.ofMinutes(5));
    }

    @Test
    void treatAnEmptyVariableAsNone() {
        assertThat(project.load(Overrides.from(Map.of("ENVCTL_WORKERS_COUNT", "")))
                        .workers()
                        .count())
                .isEqualTo(2);
    }

    @Test
    void addNoServiceThatTheFileLacks() {
        assertThat(project.load(Overrides.from(Map.of("ENVCTL_SERVICES_REDIS_DATABASES", "8")))
                        .redis())
                .isEmpty();
    }

    @Test
    void leaveVariablesAloneThatMeanOtherThings() {
        var spec = project.load(Overrides.from(Map.of(
                "ENVCTL_WORKER", "1",
                "ENVCTL_TEST_ID", "x",
                "ENVCTL_NAMESPACE", "x",
                "ENVCTL_PORTS", "15000-15009",
                "ENVCTL_IN_CLUSTER_DATABASE_URL", "x",
                "ENVCTL_CACHE", "x",
                "ENVCTL_ENVIRONMENT", "x",
                "WORKERS_COUNT", "x")));

        assertThat(spec).isEqualTo(project.load());
    }

    @Test
    void areCheckedLikeTheFileAndNameTheirOrigin() {
        var overrides = Overrides.from(Map.of(
                        "ENVCTL_CLUSTER_ENGINE", "podmn",
                        "ENVCTL_WORKERS_COUNT", "16",
                        "ENVCTL_TIMEOUTS_PUL", "1m",
                        "ENVCTL_WORKER_COUNT", "5"))
                .with("timeouts.total", "90", "--timeout");

        assertThat(project.failure(overrides).problem()).isEqualTo("""
                        environments/e2e.yaml, with what is set outside it, has 5 errors:

                        --timeout=90: expected a duration such as "90s", "1m30s" or "2h", but found "90", did you mean "90s"?

                        ENVCTL_CLUSTER_ENGINE=podmn: expected `auto`, `podman` or `docker`, but found "podmn", did you mean `podman`?

                        ENVCTL_TIMEOUTS_PUL=1m: this variable sets nothing, did you mean `ENVCTL_TIMEOUTS_PULL`?

                        ENVCTL_WORKERS_COUNT=16: 16 workers × 20 connections + 10 in reserve = 330, but Postgres has 200: raise `maxConnections` to 330 or lower `workers.connections` to 11

                        ENVCTL_WORKER_COUNT=5: this variable sets nothing, did you mean `ENVCTL_WORKERS_COUNT`?""");
    }

    @Test
    void sayWhenAFlagIsForAServiceThatTheFileLacks() {
        assertThat(project.failure(Overrides.none().with("services.redis.port", "15001", "--redis-port"))
                        .problem())
                .endsWith("--redis-port=15001: the environment has no `services.redis`");
    }

    @Test
    void refuseAFlagForWhatIsNoScalar() {
        assertThatThrownBy(() -> project.load(Overrides.none().with("workers", "5", "--workers")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void doNotHideThatTheFileHasSomethingElseThanAMap() {
        project.environment(Project.HEAD + "cluster: podman\n");

        assertThat(project.failure(Overrides.from(Map.of("ENVCTL_CLUSTER_ENGINE", "podman")))
                        .problem())
                .contains("4:10: expected a map, but found \"podman\"");
    }
}
