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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstallPackagesTest {
    private static final String POLICY = "/usr/sbin/policy-rc.d";
    private static final String LOCKED =
            "E: Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 123 (apt-get)\n";

    @TempDir
    Path root;

    private final ArrayList<Progress.Event> events = new ArrayList<>();
    private final ArrayDeque<String> failures = new ArrayDeque<>();
    private final ScriptedPrograms programs = new ScriptedPrograms()
            .says("apt-get update", "")
            .says("dpkg --configure -a", "")
            .says("update-rc.d", "")
            .says("invoke-rc.d", "")
            .does("apt-get install", this::installs);

    @Test
    void asksNothingRemovesNothingAndRecommendsNothing() {
        perform(new FakeMachine(root), Component.PODMAN, Component.RUNTIME);

        assertThat(programs.pasted())
                .hasSize(1)
                .first()
                .asString()
                .endsWith("podman runc")
                .contains("-y", "--no-remove", "--no-install-recommends");
        assertThat(programs.asked.get(0).environment()).containsEntry("DEBIAN_FRONTEND", "noninteractive");
    }

    @Test
    void readsPackageListsFirstWhereThereAreNone() {
        perform(new FakeMachine(root).without("/var/lib/apt/lists/some_Packages.lz4"), Component.PODMAN);

        assertThat(programs.pasted()).hasSize(2).first().isEqualTo("apt-get update");
    }

    @Test
    void readsPackageListsAnewWhenTheyAreTooOld() {
        failures.add("E: Unable to locate package podman\n");

        perform(new FakeMachine(root), Component.PODMAN);

        assertThat(verbs()).containsExactly("install", "update", "install");
    }

    @Test
    void finishesAnInterruptedInstallationFirst() {
        failures.add("E: dpkg was interrupted, you must manually run 'dpkg --configure -a' to correct the problem.\n");

        perform(new FakeMachine(root), Component.PODMAN);

        assertThat(verbs()).containsExactly("install", "--configure", "install");
    }

    @Test
    void waitsForSomebodyElsesLockAndSaysWhoHoldsIt() {
        failures.add(LOCKED);

        perform(new FakeMachine(root), Component.PODMAN);

        assertThat(events)
                .contains(new Progress.Waiting(
                        "install packages",
                        "Could not get lock /var/lib/dpkg/lock-frontend. It is held by process 123 (apt-get)"));
        assertThat(verbs()).containsExactly("install", "install");
    }

    @Test
    void givesUpOnALockWhenTimeIsUp() {
        failures.add(LOCKED);

        assertThatThrownBy(() -> perform(new FakeMachine(root), Duration.ZERO, Component.PODMAN))
                .isInstanceOfSatisfying(
                        EnvctlException.class,
                        failure -> assertThat(failure.kind()).isEqualTo(FailureKind.TIMEOUT))
                .hasMessageContaining("held by process 123");
    }

    @Test
    void failsWithWhatAptSaid() {
        failures.add("""
                Waiting for cache lock: Could not get lock /var/lib/dpkg/lock-frontend
                E: Packages need to be removed but remove is disabled.
                """);

        assertThatThrownBy(() -> perform(new FakeMachine(root), Component.RUNTIME))
                .isInstanceOfSatisfying(
                        EnvctlException.class,
                        failure -> assertThat(failure.details())
                                .contains("E: Packages need to be removed but remove is disabled."));
        assertThat(root.resolve("usr/sbin/policy-rc.d")).doesNotExist();
    }

    @Test
    void forbidsServicesToStartOnlyWhileItInstalls() {
        var machine = new FakeMachine(root);
        var seen = new ArrayList<String>();
        programs.does("apt-get install", command -> {
            seen.add(machine.text(POLICY));
            assertThat(Files.isExecutable(machine.path(POLICY))).isTrue();
            return installs(command);
        });

        perform(machine, Component.REGISTRY);

        assertThat(seen).hasSize(1).first().asString().contains("test -d /proc/4711 && exit 101");
        assertThat(machine.path(POLICY)).doesNotExist();
        assertThat(programs.pasted()).endsWith("update-rc.d docker-registry disable");
    }

    @Test
    void leavesAPolicyThatIsThereAndStopsWhatItLetStart() {
        var machine = new FakeMachine(root).file(POLICY, "#!/bin/sh\nexit 0\n");

        perform(machine, Component.REGISTRY);

        assertThat(machine.text(POLICY)).isEqualTo("#!/bin/sh\nexit 0\n");
        assertThat(programs.pasted()).endsWith("invoke-rc.d --disclose-deny docker-registry stop");
    }

    @Test
    void removesAPolicyThatAKilledSetupLeft() {
        var machine = new FakeMachine(root)
                .file(POLICY, "#!/bin/sh\n# Written by envctl setup while it installs packages\nexit 0\n");

        perform(machine, Component.PODMAN);

        assertThat(machine.path(POLICY)).doesNotExist();
    }

    private Finished installs(Command command) {
        var failure = failures.poll();
        return ScriptedPrograms.finished(command, failure == null ? 0 : 100, failure == null ? "" : failure);
    }

    private List<String> verbs() {
        Function<Command, String> verb = command -> command.arguments().get(1);
        return programs.asked.stream().map(verb).toList();
    }

    private void perform(FakeMachine machine, Component... components) {
        perform(machine, Duration.ofSeconds(20), components);
    }

    private void perform(FakeMachine machine, Duration limit, Component... components) {
        new InstallPackages(new TreeSet<>(List.of(components)))
                .perform(new Workshop(
                        machine.look(), programs, new Wait(), Deadline.in(limit), events::add, line -> {}));
    }
}
