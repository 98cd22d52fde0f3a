package dev.envctl.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.readiness.Wait;
import dev.envctl.spec.ClusterSpec.EngineChoice;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineFinderTest {
    private static final String NOBODY = "unix:///nowhere/podman.sock";

    @TempDir
    Path scratch;

    @Test
    void usesThePodmanThatContainerHostNames() {
        try (var api = new FakeEngineApi().answers("GET /version", 200, "{\"Version\":\"4.3.1\"}");
                var engine = find(
                        EngineChoice.AUTO,
                        FakePrograms.installed("podman"),
                        Map.of("CONTAINER_HOST", api.address().toString()))) {
            assertThat(engine.kind()).isEqualTo(EngineKind.PODMAN);
            assertThat(engine.version()).isEqualTo("4.3.1");
            assertThat(engine.environment()).containsEntry("KIND_EXPERIMENTAL_PROVIDER", "podman");
        }
    }

    @Test
    void accountsForAllItLookedAt() {
        var failure = failure(EngineChoice.AUTO, FakePrograms.installed("podman"), Map.of("CONTAINER_HOST", NOBODY));

        assertThat(failure.kind()).isEqualTo(FailureKind.PREREQUISITE);
        assertThat(failure.problem()).isEqualTo("No container engine answers.");
        assertThat(failure.remedy()).startsWith("CONTAINER_HOST asks for " + NOBODY);
        assertThat(failure.details()).hasSize(2);
        assertThat(failure.details().get(0)).startsWith("Podman: Podman at " + NOBODY + " does not answer");
        assertThat(failure.details().get(1)).isEqualTo("Docker: the program `docker` is not on the PATH");
    }

    @Test
    void looksAtDockerFirstWhereKindIsToldTo() {
        var failure =
                failure(EngineChoice.AUTO, FakePrograms.installed(), Map.of("KIND_EXPERIMENTAL_PROVIDER", "docker"));

        assertThat(failure.details())
                .containsExactly(
                        "Docker: the program `docker` is not on the PATH",
                        "Podman: the program `podman` is not on the PATH");
        assertThat(failure.remedy()).contains("envctl doctor", "envctl setup");
    }

    @Test
    void doesNotTakeAnotherEngineThanTheOneAskedFor() {
        var failure = failure(EngineChoice.DOCKER, FakePrograms.installed("podman"), Map.of());

        assertThat(failure.problem()).isEqualTo("The container engine asked for (Docker) does not answer.");
        assertThat(failure.details()).containsExactly("Docker: the program `docker` is not on the PATH");
    }

    @Test
    void refusesAnAddressOfAKindItCannotUse() {
        var failure = failure(
                EngineChoice.PODMAN, FakePrograms.installed("podman"), Map.of("CONTAINER_HOST", "ssh://root@host"));

        assertThat(failure.kind()).isEqualTo(FailureKind.USAGE);
        assertThat(failure.problem()).startsWith("CONTAINER_HOST=ssh://root@host is not an address");
    }

    private Engine find(EngineChoice choice, FakePrograms programs, Map<String, String> variables) {
        return new EngineFinder(programs, new Wait(), variables).find(choice, Duration.ofSeconds(5), scratch);
    }

    private EnvctlException failure(EngineChoice choice, FakePrograms programs, Map<String, String> variables) {
        return catchThrowableOfType(EnvctlException.class, () -> find(choice, programs, variables));
    }
}
