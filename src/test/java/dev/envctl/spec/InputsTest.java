package dev.envctl.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InputsTest {
    private static final String TEXT =
            Project.HEAD + "services: {postgres: {init: [sql, extra.sql]}}\nmanifests: [objects]\n";

    private Project project = new Project(Path.of(""));

    @BeforeEach
    void makeProject(@TempDir Path directory) {
        project = new Project(directory)
                .environment(TEXT)
                .with("environments/sql/schema.sql", "create table a();")
                .with("environments/extra.sql", "create table e();")
                .with("environments/objects/one.yaml", "kind: Widget")
                .with("images.lock", "images: []");
    }

    private Inputs read() {
        var lock = project.root().resolve("images.lock");
        var other = project.root().resolve("elsewhere/images.lock");
        return Inputs.of(project.load(), Overrides.none(), List.of(lock, other), "build 1");
    }

    @Test
    void holdWhileNothingChanges() throws IOException {
        var inputs = read();

        Files.writeString(project.root().resolve("environments/e2e.yaml"), TEXT);

        assertThat(inputs.hold(Overrides.none(), "build 1")).isTrue();
        assertThat(read()).isEqualTo(inputs);
    }

    @ParameterizedTest
    @CsvSource({
        "environments/e2e.yaml",
        "environments/sql/schema.sql",
        "environments/sql/another.sql",
        "environments/extra.sql",
        "environments/objects/one.yaml",
        "environments/objects/two.yml",
        "images.lock",
        "elsewhere/images.lock"
    })
    void doNotHoldOnceAFileIsChangedOrAdded(String file) {
        var inputs = read();

        project.with(file, "something else");

        assertThat(inputs.hold(Overrides.none(), "build 1")).isFalse();
    }

    @Test
    void doNotHoldOnceAFileIsGone() throws IOException {
        var inputs = read();

        Files.delete(project.root().resolve("environments/extra.sql"));

        assertThat(inputs.hold(Overrides.none(), "build 1")).isFalse();
    }

    @Test
    void doNotHoldForOtherOverridesOrAnotherBuild() {
        var inputs = read();

        assertThat(inputs.hold(Overrides.from(Map.of("ENVCTL_WORKERS_COUNT", "2")), "build 1"))
                .isFalse();
        assertThat(inputs.hold(Overrides.none().with("timeouts.total", "1m", "--timeout"), "build 1"))
                .isFalse();
        assertThat(inputs.hold(Overrides.none(), "build 2")).isFalse();
        assertThat(Inputs.unknown().hold(Overrides.none(), "")).isFalse();
    }
}
