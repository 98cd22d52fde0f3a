package dev.envctl.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.Place;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EnvironmentFilesTest {
    @TempDir
    private Path directory;

    private Project project() {
        return new Project(directory);
    }

    static Stream<String> shipped() {
        return EnvironmentFiles.around(Path.of("")).names().stream();
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void loadsEveryFileThatIsShipped(String name) {
        assertThat(EnvironmentFiles.around(Path.of(""))
                        .load(name, Overrides.none())
                        .name())
                .isEqualTo(name);
    }

    @Test
    void givesAllDefaultsToAFileThatSaysNothing() {
        var spec = project().environment(Project.HEAD).load();

        assertThat(spec)
                .isEqualTo(new EnvironmentSpec(
                        "e2e",
                        directory.resolve("environments/e2e.yaml"),
                        new ClusterSpec(ClusterSpec.Provider.KIND, ClusterSpec.EngineChoice.AUTO, "node", 0),
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        List.of(),
                        new WorkersSpec(4, 20, 10, 2, WorkersSpec.Access.NAMESPACE, 2, OptionalInt.empty()),
                        new PortRange(15000, 25000),
                        new Timeouts(
                                Duration.ofMinutes(30),
                                Duration.ofSeconds(30),
                                Duration.ofMinutes(10),
                                Duration.ofMinutes(5),
                                Duration.ofMinutes(5),
                                Duration.ofMinutes(5),
                                Duration.ofMinutes(1),
                                Duration.ofMinutes(20))));
    }

    @Test
    void givesAllDefaultsToServicesThatSayNothing() {
        var spec = project()
                .environment(Project.HEAD + "services: {postgres: {}, redis: {}}\n")
                .load();

        assertThat(spec.postgres())
                .contains(new PostgresSpec(
                        "postgres",
                        "app",
                        200,
                        Storage.MEMORY,
                        List.of(),
                        Map.of(),
                        new Resources("512Mi"),
                        OptionalInt.empty()));
        assertThat(spec.redis())
                .contains(new RedisSpec(
                        "redis",
                        64,
                        RedisSpec.Isolation.INDEX,
                        Storage.MEMORY,
                        new Resources("256Mi"),
                        OptionalInt.empty()));
    }

    @Test
    void givesAllDefaultsToASuiteThatSaysNothing() {
        var spec = project()
                .environment(Project.HEAD
                        + "suites: [{name: api, image: tests}, {name: db, image: tests, env: {A: 1}, reports: /r}]\n")
                .load();

        assertThat(spec.suites().get(0))
                .isEqualTo(new SuiteSpec(
                        "api",
                        "tests",
                        List.of(),
                        Map.of(),
                        new Resources("1Gi"),
                        Duration.ofMinutes(10),
                        false,
                        List.of()));
        assertThat(spec.suites().get(1).variables()).containsExactly(Map.entry("A", "1"));
        assertThat(spec.suites().get(1).reports()).containsExactly(new ReportPath("/r"));
        assertThat(spec.images()).containsExactly("node", "tests");
    }

    @Test
    void writesNothingButDefaultsIntoTheDefaultEnvironment() throws Exception {
        var shipped = Files.readString(Path.of("environments/e2e.yaml"));
        var full = project().environment(shipped).load();
        var short_ = project()
                .environment(Project.HEAD + "services: {postgres: {}, redis: {}}\n")
                .load();

        assertThat(full).isEqualTo(short_);
    }

    @Test
    void readsEverythingThatAFileSays() {
        var spec = project()
                .with("environments/sql/a.sql", "select 1;")
                .with("environments/sql/b.sql", "select 2;")
                .with("environments/sql/notes.txt", "")
                .with("manifests/crd.yaml", "")
                .with("environments/app/app.yml", "")
                .environment(Project.HEAD + """
                        cluster: {engine: podman, image: node-1.34, workerNodes: 2}
                        services:
                          postgres:
                            database: shop
                            storage: disk
                            init: [sql]
                            settings: {fsync: off, work_mem: 8MB, jit: false, geqo_seed: 0.5}
                            resources: {memory: 1.5Gi}
                            port: 15432
                        manifests: [../manifests/crd.yaml, {path: app, namespace: shop}]
                        workers: {count: 2, access: cluster-admin}
                        timeouts: {total: 1h, pull: PT90S}
                        """)
                .load();

        assertThat(spec.cluster())
                .isEqualTo(new ClusterSpec(ClusterSpec.Provider.KIND, ClusterSpec.EngineChoice.PODMAN, "node-1.34", 2));
        var postgres = spec.postgres().orElseThrow();
        assertThat(postgres.initFiles())
                .containsExactly(
                        directory.resolve("environments/sql/a.sql"), directory.resolve("environments/sql/b.sql"));
        assertThat(postgres.settings())
                .isEqualTo(Map.of("fsync", "off", "work_mem", "8MB", "jit", "false", "geqo_seed", "0.5"));
        assertThat(postgres.resources().memory()).isEqualTo("1.5Gi");
        assertThat(postgres.port()).hasValue(15432);
        assertThat(spec.redis()).isEmpty();
        assertThat(spec.manifests())
                .containsExactly(
                        new ManifestSpec(directory.resolve("manifests/crd.yaml"), "default"),
                        new ManifestSpec(directory.resolve("environments/app"), "shop"));
        assertThat(spec.manifests().get(1).files()).containsExactly(directory.resolve("environments/app/app.yml"));
        assertThat(spec.workers().access()).isEqualTo(WorkersSpec.Access.CLUSTER_ADMIN);
        assertThat(spec.timeouts().total()).isEqualTo(Duration.ofHours(1));
        assertThat(spec.timeouts().pull()).isEqualTo(Duration.ofSeconds(90));
    }

    @Test
    void findsTheProjectFromAFolderInsideIt() throws Exception {
        project().environment(Project.HEAD + "cluster: {engin: podman}\n");
        var inside = Files.createDirectories(directory.resolve("src/test"));

        var files = EnvironmentFiles.around(inside);

        assertThat(files.root()).isEqualTo(directory);
        assertThat(files.names()).containsExactly("e2e");
        assertThatThrownBy(() -> files.load("e2e", Overrides.none()))
                .hasMessageStartingWith("../../environments/e2e.yaml has 1 error:");
    }

    @Test
    void saysWhichEnvironmentsThereAreWhenOneIsMissing() {
        project()
                .with("environments/e2e.yaml", Project.HEAD)
                .with("environments/nightly.yaml", Project.HEAD)
                .with("environments/README.md", "");
        var files = EnvironmentFiles.around(directory);

        assertThatThrownBy(() -> files.load("nightli", Overrides.none()))
                .isInstanceOfSatisfying(EnvctlException.class, failure -> {
                    assertThat(failure.kind()).isEqualTo(FailureKind.USAGE);
                    assertThat(failure.problem())
                            .isEqualTo("There is no environment `nightli` in environments, only: e2e, nightly.");
                    assertThat(failure.remedy()).isEqualTo("Did you mean `-e nightly`?");
                });
        assertThatThrownBy(() -> files.load("environments/e2e.yaml", Overrides.none()))
                .isInstanceOfSatisfying(
                        EnvctlException.class,
                        failure -> assertThat(failure.remedy()).isEqualTo("Did you mean `-e e2e`?"));
        assertThatThrownBy(() -> files.load("staging", Overrides.none()))
                .isInstanceOfSatisfying(
                        EnvctlException.class,
                        failure -> assertThat(failure.remedy())
                                .isEqualTo("Name another one with -e, or create environments/staging.yaml."));
    }

    @Test
    void saysWhereItLookedWhenThereIsNoProject() {
        assertThatThrownBy(() -> EnvironmentFiles.around(directory))
                .isInstanceOfSatisfying(EnvctlException.class, failure -> {
                    assertThat(failure.problem())
                            .isEqualTo("There is no folder `environments` in %s or in any directory above it."
                                    .formatted(directory));
                    assertThat(failure.remedy())
                            .isEqualTo("Go to your project, or create `environments/e2e.yaml` there; "
                                    + "`envctl schema` shows what it can say.");
                });
    }

    @Test
    void wantsTheNameThatTheFileHas() {
        assertThat(project()
                        .environment(Project.HEAD.replace("e2e", "other"))
                        .failure()
                        .problem())
                .isEqualTo("""
                        environments/e2e.yaml has 1 error:

                        environments/e2e.yaml:3:18: the name `other` differs from the file's, e2e.yaml: write `name: e2e` or rename the file
                            3 | metadata: {name: other}
                              |                  ^^^^^""");
    }

    @Test
    void saysForProgramsWhereEachMistakeIs() {
        var failure = project()
                .environment(Project.HEAD.replace("e2e", "other") + "services: {postgres: {maxConections: 50}}\n")
                .failure();

        assertThat(failure.places())
                .containsExactly(
                        new Place(
                                "environments/e2e.yaml",
                                3,
                                18,
                                "the name `other` differs from the file's, e2e.yaml: write `name: e2e` or rename the file"),
                        new Place(
                                "environments/e2e.yaml",
                                4,
                                23,
                                "unknown key `maxConections`, did you mean `maxConnections`?"));
    }
}
