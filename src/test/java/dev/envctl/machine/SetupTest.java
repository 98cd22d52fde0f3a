package dev.envctl.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.Progress;
import dev.envctl.process.Command;
import dev.envctl.process.Finished;
import dev.envctl.readiness.Deadline;
import dev.envctl.readiness.Wait;
import dev.envctl.spec.ClusterSpec.EngineChoice;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SetupTest {
    @TempDir
    Path root;

    @TempDir
    Path cache;

    private final List<Progress.Event> events = java.util.Collections.synchronizedList(new ArrayList<>());

    @Test
    void hasNothingToDoWhereNothingIsLacking() {
        var programs = FakeMachine.programs();
        var setup = setup(new FakeMachine(root), programs, false);

        assertThat(setup.plan().steps()).isEmpty();
        run(setup);

        assertThat(programs.pasted())
                .noneMatch(command -> command.startsWith("apt-get") || command.contains("install"));
        assertThat(events).isEmpty();
    }

    @Test
    void mendsASmallMachineAndTheSecondRunDoesNothing() {
        var machine =
                new FakeMachine(root).small().without("/lib/modules/.keep").without("/lib/modules");
        machine.without("/usr/lib/podman/netavark").file("/proc/sys/net/ipv4/ip_forward", "0\n");
        var programs = bare(machine);
        var setup = setup(machine, programs, true);

        assertThat(setup.plan().steps().stream().map(Step::sentence))
                .hasSize(5)
                .first()
                .asString()
                .contains("podman runc netavark", "skopeo buildah mmdebstrap docker-registry");
        assertThatThrownBy(() -> setup.plan().refuseOffline())
                .isInstanceOfSatisfying(EnvctlException.class, refusal -> {
                    assertThat(refusal.kind()).isEqualTo(FailureKind.PREREQUISITE);
                    assertThat(refusal.details())
                            .satisfiesExactly(
                                    packages -> assertThat(packages).startsWith("Install with apt-get: "),
                                    kind -> assertThat(kind).startsWith("Build kind "));
                });
        run(setup);

        assertThat(phases())
                .containsExactly(
                        "install packages",
                        "configure Podman",
                        "make /lib/modules",
                        "set kernel parameters",
                        "install kind");
        events.clear();
        programs.asked.clear();
        run(setup);
        assertThat(events).isEmpty();
        assertThat(programs.pasted()).noneMatch(command -> command.contains("install"));
    }

    @Test
    void goesOnWhereAnInterruptedRunStopped() {
        var machine = new FakeMachine(root);
        var programs = bare(machine);
        programs.does("go install", command -> {
            throw new EnvctlException(FailureKind.INTERRUPTED, "interrupted", "");
        });
        var setup = setup(machine, programs, false);
        assertThatThrownBy(() -> run(setup)).hasMessage("interrupted");
        programs.asked.clear();
        programs.does("go install", command -> installsKind(programs, command));

        run(setup);

        assertThat(programs.pasted()).noneMatch(command -> command.startsWith("apt-get"));
        assertThat(cache.resolve("bin/kind")).exists();
    }

    @Test
    void tellsAllThatOnlyTheUserCanDo() {
        var machine =
                new FakeMachine(root).user(1000).without("/lib/modules/.keep").without("/lib/modules");
        machine.file("/etc/subuid", "ann:1:1\n").file("/etc/subgid", "ann:1:1\n");
        var programs = FakeMachine.programs().hasNot("podman").hasNot("kind").hasNot("go");
        var setup = setup(machine, programs, false);

        assertThat(setup.plan().byHand().stream().map(Row::title)).contains("Podman", "/lib/modules", "kind");
        assertThatThrownBy(() -> run(setup)).isInstanceOfSatisfying(EnvctlException.class, failure -> {
            assertThat(failure.kind()).isEqualTo(FailureKind.PREREQUISITE);
            assertThat(failure.details())
                    .contains(
                            "Podman: Podman is not installed.",
                            "    sudo apt-get install -y --no-install-recommends podman",
                            "    sudo mkdir -p /lib/modules");
        });
        assertThat(programs.pasted()).noneMatch(command -> command.startsWith("apt-get"));
    }

    @Test
    void installsKindWithoutRoot() {
        var machine = new FakeMachine(root).user(1000);
        machine.file("/etc/subuid", "ann:1:1\n").file("/etc/subgid", "ann:1:1\n");
        var programs = FakeMachine.programs().hasNot("kind");
        programs.does("go install", command -> installsKind(programs, command));

        run(setup(machine, programs, false));

        assertThat(phases()).containsExactly("install kind");
    }

    @Test
    void onlyWarnsWhereWhatIsAdvisedCannotBeDone() {
        var programs = FakeMachine.programs().hasNot("catatonit");
        programs.answers("apt-get install", 100, "", "E: Packages need to be removed but remove is disabled.\n");

        run(setup(new FakeMachine(root), programs, false));

        assertThat(events).anyMatch(event -> event instanceof Progress.Warning);
    }

    @Test
    void passesOverOfflineWhatIsOnlyAdvised() {
        var programs = FakeMachine.programs().hasNot("catatonit");
        var setup = offline(new FakeMachine(root), programs);

        assertThat(setup.plan().steps()).isEmpty();
        setup.plan().refuseOffline();
        run(setup);

        assertThat(programs.pasted()).noneMatch(command -> command.startsWith("apt-get"));
    }

    @Test
    void doesOfflineWhatNeedsNoNetwork() {
        var machine =
                new FakeMachine(root).small().without("/lib/modules/.keep").without("/lib/modules");
        var setup = offline(machine, FakeMachine.programs());

        assertThat(setup.plan().steps()).isNotEmpty().noneMatch(Step::needsNetwork);
        setup.plan().refuseOffline();
        run(setup);

        assertThat(phases()).contains("make /lib/modules");
    }

    @Test
    void failsWhereWhatIsNeededCannotBeDone() {
        var machine = new FakeMachine(root).without("/usr/lib/podman/netavark");
        var programs = FakeMachine.programs();
        programs.answers("apt-get install", 100, "", "E: Packages need to be removed but remove is disabled.\n");

        assertThatThrownBy(() -> run(setup(machine, programs, false)))
                .isInstanceOfSatisfying(
                        EnvctlException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(FailureKind.FAILED));
        assertThat(events)
                .anyMatch(event ->
                        event instanceof Progress.Finished finished && finished.outcome() == Progress.Outcome.FAILED);
    }

    @Test
    void waitsForAnotherSetupToEnd() throws Exception {
        Files.createDirectories(cache);
        var setup = setup(new FakeMachine(root), FakeMachine.programs(), false);
        try (var channel =
                FileChannel.open(cache.resolve("setup.lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            assertThat(channel.lock().isValid()).isTrue();

            assertThatThrownBy(() -> setup.run(events::add, line -> {}, Deadline.in(Duration.ofMillis(50))))
                    .isInstanceOfSatisfying(
                            EnvctlException.class,
                            failure -> assertThat(failure.kind()).isEqualTo(FailureKind.TIMEOUT))
                    .hasMessageContaining("another `envctl setup` to end");
        }
        assertThat(events).anyMatch(event -> event instanceof Progress.Waiting);
        run(setup);
    }

    /** A machine with nothing but Go, on which installing has its effect. */
    private ScriptedPrograms bare(FakeMachine machine) {
        var programs = new ScriptedPrograms()
                .says("go version", "go version go1.26.8 linux/amd64\n")
                .says("update-rc.d", "");
        programs.does("apt-get install", command -> {
            var packages = command.arguments()
                    .subList(
                            command.arguments().indexOf("podman"),
                            command.arguments().size());
            packages.forEach(programs::has);
            programs.has("ip", "newuidmap");
            programs.says("podman --version", "podman version 4.3.1\n");
            machine.file("/usr/lib/podman/netavark", "");
            return ScriptedPrograms.finished(command, 0, "");
        });
        return programs.does("go install", command -> installsKind(programs, command));
    }

    private Finished installsKind(ScriptedPrograms programs, Command command) {
        try {
            var kind =
                    Files.createFile(Path.of(command.environment().get("GOBIN")).resolve("kind"));
            Files.setPosixFilePermissions(kind, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        programs.says(cache.resolve("bin/kind") + " version", "kind v0.33.0 go1.26.8 linux/amd64\n");
        return ScriptedPrograms.finished(command, 0, "");
    }

    private List<String> phases() {
        return events.stream()
                .filter(event -> event instanceof Progress.Finished)
                .map(event -> ((Progress.Finished) event).phase())
                .toList();
    }

    private Setup setup(FakeMachine machine, ScriptedPrograms programs, boolean standIns) {
        return new Setup(machine.look(), programs, cache, EngineChoice.AUTO, standIns, false, new Wait());
    }

    private Setup offline(FakeMachine machine, ScriptedPrograms programs) {
        return new Setup(machine.look(), programs, cache, EngineChoice.AUTO, false, true, new Wait());
    }

    private void run(Setup setup) {
        setup.run(events::add, line -> {}, Deadline.in(Duration.ofSeconds(20)));
    }
}
