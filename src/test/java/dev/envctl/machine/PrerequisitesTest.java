package dev.envctl.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.spec.ClusterSpec.EngineChoice;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PrerequisitesTest {
    @TempDir
    Path root;

    @TempDir
    Path cache;

    private final ScriptedPrograms programs = FakeMachine.programs();

    @Test
    void tellsWhichEngineToUse() {
        var met = check(new FakeMachine(root), EngineChoice.AUTO);

        assertThat(met.engine()).isEqualTo(EngineChoice.PODMAN);
    }

    @Test
    void asksDockerNothingWherePodmanIsWhole() {
        programs.has("docker");

        check(new FakeMachine(root), EngineChoice.AUTO);

        assertThat(programs.pasted()).noneMatch(command -> command.startsWith("docker"));
    }

    @Test
    void takesDockerWhereItAnswersAndPodmanIsMissing() {
        programs.hasNot("podman")
                .says("docker -v", "Docker version 27.5.1, build 9f9e405\n")
                .says("docker version", "27.5.1\n");

        assertThat(check(new FakeMachine(root), EngineChoice.AUTO).engine()).isEqualTo(EngineChoice.DOCKER);
    }

    @Test
    void takesDockerBeforePodmanWhereTheUsersProviderForKindIsDocker() {
        programs.says("docker -v", "Docker version 27.5.1, build 9f9e405\n").says("docker version", "27.5.1\n");
        var machine = new FakeMachine(root).variable("KIND_EXPERIMENTAL_PROVIDER", "docker");

        assertThat(check(machine, EngineChoice.AUTO).engine()).isEqualTo(EngineChoice.DOCKER);
    }

    @Test
    void tellsAllThatIsMissingAtOnceAndWhatKeepsDockerFromBeingUsed() {
        programs.hasNot("podman")
                .hasNot("kind")
                .says("docker -v", "Docker version 27.5.1, build 9f9e405\n")
                .answers("docker version", 1, "", "Cannot connect to the Docker daemon\n");

        assertThatThrownBy(() -> check(new FakeMachine(root), EngineChoice.AUTO))
                .isInstanceOfSatisfying(EnvctlException.class, failure -> {
                    assertThat(failure.kind()).isEqualTo(FailureKind.PREREQUISITE);
                    assertThat(failure.problem()).endsWith("Podman, kind.");
                    assertThat(failure.remedy()).contains("envctl setup", "envctl up --setup");
                    assertThat(failure.details())
                            .contains(
                                    "Podman: Podman is not installed.",
                                    "    GOBIN=%s/bin go install sigs.k8s.io/kind@v0.33.0".formatted(cache),
                                    "Docker, instead of Podman: Docker's daemon does not answer: Cannot connect to the"
                                            + " Docker daemon");
                });
    }

    @Test
    void onlyRemarksOnAdvice() {
        var machine = new FakeMachine(root).file("/proc/sys/fs/inotify/max_user_instances", "128\n");

        assertThat(check(machine, EngineChoice.PODMAN).advice())
                .extracting(Row::title)
                .contains("inotify limits");
    }

    @Test
    void refusesAnEngineThatWasAskedForAndIsMissing() {
        assertThatThrownBy(() -> check(new FakeMachine(root), EngineChoice.DOCKER))
                .isInstanceOfSatisfying(EnvctlException.class, failure -> {
                    assertThat(failure.details()).contains("    apt-get install -y docker.io");
                    assertThat(failure.remedy()).startsWith("Run the commands shown");
                });
    }

    private Prerequisites.Met check(FakeMachine machine, EngineChoice engine) {
        return new Prerequisites(machine.look(), programs, cache).check(engine);
    }
}
