package dev.envctl.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.envctl.Progress;
import dev.envctl.machine.Outcome.State;
import dev.envctl.readiness.Deadline;
import dev.envctl.readiness.Wait;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PodmanSettingsCheckTest {
    private static final String OURS = "/etc/containers/containers.conf.d/50-envctl.conf";
    private static final String OWNERS = "/etc/containers/containers.conf";

    @TempDir
    Path root;

    private final ScriptedPrograms programs = FakeMachine.programs();

    @Test
    void needsNothingOfAMachineWithSystemdAndAllCapabilities() {
        var machine = new FakeMachine(root);

        for (var concern : PodmanConcern.values()) {
            assertThat(look(machine, concern).outcome().state()).isEqualTo(State.NOT_APPLICABLE);
        }
    }

    @Test
    void writesTheMachinesOwnHardLimitsWhereRootCannotRaiseThem() {
        var machine = new FakeMachine(root).small();

        var verdict = look(machine, PodmanConcern.LIMITS);
        assertThat(verdict.outcome().state()).isEqualTo(State.WRONG);
        perform(machine, verdict);

        assertThat(machine.text(OURS))
                .startsWith("# Written by envctl setup.")
                .contains("[containers]\n# Root lacks CAP_SYS_RESOURCE")
                .contains("default_ulimits = [\"nofile=20000:20000\", \"nproc=96350:96350\"]\n");
        assertThat(look(machine, PodmanConcern.LIMITS).outcome().state()).isEqualTo(State.OK);
    }

    @Test
    void givesContainersNoMoreProcessesThanThereAreProcessIds() {
        var machine = new FakeMachine(root).small().file("/proc/sys/kernel/pid_max", "32768\n");

        perform(machine, look(machine, PodmanConcern.LIMITS));

        assertThat(machine.text(OURS)).contains("\"nproc=32768:32768\"");
        assertThat(look(machine, PodmanConcern.LIMITS).outcome().state()).isEqualTo(State.OK);
    }

    @Test
    void setsOnlyTheLimitThatIsTooLow() {
        var machine = new FakeMachine(root).small().limits(20_000, 2_000_000);

        perform(machine, look(machine, PodmanConcern.LIMITS));

        assertThat(machine.text(OURS)).contains("default_ulimits = [\"nofile=20000:20000\"]\n");
    }

    @Test
    void writesOnlyLinesThatPodmansDefaultsDoNotCover() {
        var machine = new FakeMachine(root).small();

        perform(machine, look(machine, PodmanConcern.LIMITS));

        assertThat(machine.text(OURS)).doesNotContain("cgroup_manager", "events_logger", "runtime =");
    }

    @Test
    void namesRuncWhereCrunIsInstalledAndCgroupV1IsMounted() {
        var machine = new FakeMachine(root).small();
        programs.has("crun");

        perform(machine, look(machine, PodmanConcern.RUNTIME));

        assertThat(machine.text(OURS))
                .contains("[engine]\n# This machine mounts cgroup v1")
                .contains("runtime = \"runc\"\n");
        assertThat(look(machine, PodmanConcern.RUNTIME).outcome().state()).isEqualTo(State.OK);
    }

    @Test
    void namesCgroupfsWhereAPackageAsksForSystemdThatDoesNotRun() {
        var machine = new FakeMachine(root)
                .small()
                .file("/usr/share/containers/containers.conf", "[engine]\ncgroup_manager = \"systemd\"\n");

        perform(machine, look(machine, PodmanConcern.CGROUPS));

        assertThat(machine.text(OURS))
                .contains("cgroup_manager = \"cgroupfs\"\n")
                .doesNotContain("events_logger");
        assertThat(look(machine, PodmanConcern.CGROUPS).outcome().state()).isEqualTo(State.OK);
    }

    @Test
    void leavesTheOwnersSettingAndSaysSo() {
        var machine = new FakeMachine(root)
                .small()
                .file(OWNERS, "[containers]\ndefault_ulimits = [\n  \"nofile=65535:65535\", # many\n]\n");

        var verdict = look(machine, PodmanConcern.LIMITS);

        assertThat(verdict.outcome().text()).contains(OWNERS + " sets default_ulimits", "leaves that as it is");
        assertThat(verdict.outcome().commands())
                .contains("# in that file: default_ulimits = [\"nofile=20000:20000\", \"nproc=96350:96350\"]");
        assertThat(verdict.mends()).isEmpty();
    }

    @Test
    void isContentWithTheOwnersSettingThatKeepsWithinTheLimits() {
        var machine = new FakeMachine(root)
                .small()
                .file(OWNERS, "[containers]\ndefault_ulimits = [\"nofile=1024:20000\", \"nproc=32768\"]\n");

        var outcome = look(machine, PodmanConcern.LIMITS).outcome();

        assertThat(outcome.state()).isEqualTo(State.OK);
        assertThat(outcome.text()).contains(OWNERS);
    }

    @Test
    void readsNoSettingFromACommentOrAnotherTable() {
        var machine = new FakeMachine(root).small().file(OWNERS, """
                        [containers]
                        #default_ulimits = ["nofile=1:1", "nproc=1:1"]
                        [machine]
                        default_ulimits = ["nofile=1:1", "nproc=1:1"]
                        """);

        assertThat(look(machine, PodmanConcern.LIMITS).outcome().state()).isEqualTo(State.WRONG);
    }

    @Test
    void overwritesNoFileThatSomebodyElseWroteAtItsPlace() {
        var machine = new FakeMachine(root).small().file(OURS, "[engine]\nevents_logger = \"none\"\n");

        var verdict = look(machine, PodmanConcern.LIMITS);

        assertThat(verdict.mends()).isEmpty();
        assertThat(verdict.outcome().text()).contains(OURS + " was not written by envctl");
        var mend = new ConfigurePodman("# Written by envctl setup.\n", "runtime");
        assertThatThrownBy(() -> mend.perform(workshop(machine))).hasMessageContaining("leaves it as it is");
        assertThat(machine.text(OURS)).isEqualTo("[engine]\nevents_logger = \"none\"\n");
    }

    @Test
    void writesItsOwnFileAnewWhereTheLimitsHaveSunk() {
        var machine = new FakeMachine(root).small();
        perform(machine, look(machine, PodmanConcern.LIMITS));
        machine.limits(4096, 4096);

        perform(machine, look(machine, PodmanConcern.LIMITS));

        assertThat(machine.text(OURS)).contains("nofile=4096:4096").doesNotContain("20000");
    }

    @Test
    void writesNothingWherePodmanWouldNotReadIt() {
        var machine = new FakeMachine(root).small().variable("CONTAINERS_CONF", "/home/ann/podman.conf");

        var verdict = look(machine, PodmanConcern.LIMITS);

        assertThat(verdict.mends()).isEmpty();
        assertThat(verdict.outcome().text()).contains("CONTAINERS_CONF");
    }

    @Test
    void showsCommandsThatWriteTheWholeFileToThoseWithoutRoot() {
        var machine = new FakeMachine(root).small().user(1000);
        programs.has("crun");

        var verdict = look(machine, PodmanConcern.RUNTIME);

        assertThat(verdict.mends()).isEmpty();
        assertThat(verdict.outcome().commands())
                .containsExactly(
                        "sudo mkdir -p /etc/containers/containers.conf.d",
                        "printf '%s\\n' '# Written by envctl setup.' '[engine]' 'runtime = \"runc\"' | sudo tee "
                                + OURS);
    }

    private Verdict look(FakeMachine machine, PodmanConcern concern) {
        var looked = machine.look();
        return new PodmanSettingsCheck(looked, new Installed(looked, programs), concern).look();
    }

    private void perform(FakeMachine machine, Verdict verdict) {
        assertThat(verdict.mends()).hasSize(1);
        verdict.mends().get(0).perform(workshop(machine));
    }

    private Workshop workshop(FakeMachine machine) {
        return new Workshop(
                machine.look(), programs, new Wait(), Deadline.in(Duration.ofSeconds(10)), Progress.SILENT, line -> {});
    }
}
