package dev.envctl.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.envctl.Progress;
import dev.envctl.machine.Outcome.State;
import dev.envctl.readiness.Deadline;
import dev.envctl.readiness.Wait;
import dev.envctl.spec.ClusterSpec.EngineChoice;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelAndResourceChecksTest {
    @TempDir
    Path root;

    private final ArrayList<Progress.Event> events = new ArrayList<>();

    @Test
    void turnsForwardingOnAndSaysHowToMakeItLast() {
        var machine = new FakeMachine(root).file("/proc/sys/net/ipv4/ip_forward", "0\n");
        var check = KernelParametersCheck.forwarding(machine.look());

        perform(machine, check);

        assertThat(machine.text("/proc/sys/net/ipv4/ip_forward")).isEqualTo("1\n");
        assertThat(events)
                .containsExactly(
                        new Progress.Note("net.ipv4.ip_forward=1 is set until the next reboot. To make it last: "
                                + "printf '%s\\n' net.ipv4.ip_forward=1 | tee -a /etc/sysctl.d/90-envctl.conf"));
        assertThat(check.look().outcome().state()).isEqualTo(State.OK);
    }

    @Test
    void raisesOnlyTheInotifyLimitThatIsTooLow() {
        var machine = new FakeMachine(root)
                .file("/proc/sys/fs/inotify/max_user_instances", "128\n")
                .file("/proc/sys/fs/inotify/max_user_watches", "1048576\n");

        perform(machine, KernelParametersCheck.inotify(machine.look()));

        assertThat(machine.text("/proc/sys/fs/inotify/max_user_instances")).isEqualTo("512\n");
        assertThat(machine.text("/proc/sys/fs/inotify/max_user_watches")).isEqualTo("1048576\n");
    }

    @Test
    void onlyAdvisesThoseWithoutRoot() {
        var machine = new FakeMachine(root).user(1000).file("/proc/sys/net/ipv4/ip_forward", "0\n");

        var verdict = KernelParametersCheck.forwarding(machine.look()).look();

        assertThat(verdict.mends()).isEmpty();
        assertThat(verdict.outcome().commands()).first().isEqualTo("sudo sysctl -w net.ipv4.ip_forward=1");
    }

    @Test
    void makesTheFolderOfKernelModules() {
        var machine = new FakeMachine(root).without("/lib/modules/.keep").without("/lib/modules");
        var check = new KernelModulesCheck(machine.look());
        assertThat(check.look().outcome().commands()).containsExactly("mkdir -p /lib/modules");

        perform(machine, check);

        assertThat(machine.path("/lib/modules")).isEmptyDirectory();
    }

    @Test
    void asksForFreeDiskWhereTheEngineStores() {
        var machine = new FakeMachine(root)
                .file("/etc/containers/storage.conf", "[storage]\ngraphroot = \"/data/containers\"\n")
                .look();
        var asked = new ArrayList<Path>();

        var outcome = new FreeDiskCheck(machine, EngineChoice.PODMAN, path -> {
                    asked.add(path);
                    return 3L << 30;
                })
                .look()
                .outcome();

        assertThat(asked).containsExactly(root.resolve("data/containers"));
        assertThat(outcome.text()).startsWith("Only 3.0 GiB free for /data/containers");
    }

    @Test
    void isContentWithTenGibibytesForDocker() {
        var outcome = new FreeDiskCheck(new FakeMachine(root).look(), EngineChoice.DOCKER, path -> 10L << 30)
                .look()
                .outcome();

        assertThat(outcome).isEqualTo(Outcome.ok("10.0 GiB free for /var/lib/docker"));
    }

    @Test
    void measuresTheDiskOfAFolderThatIsNotThereYet() {
        // Others write to the same disk meanwhile.
        assertThat((double) Machine.freeBytes(root.resolve("not/there/yet")))
                .isPositive()
                .isCloseTo((double) Machine.freeBytes(root), withinPercentage(20));
    }

    @Test
    void warnsOfLittleMemory() {
        var machine = new FakeMachine(root).file("/proc/meminfo", "MemTotal: 2097152 kB\nMemAvailable: 1048576 kB\n");

        assertThat(new FreeMemoryCheck(machine.look()).look().outcome().text())
                .startsWith("Only 1.0 of 2.0 GiB available");
    }

    @Test
    void notesThatTheUsersProviderForKindDiffers() {
        var machine = new FakeMachine(root).variable("KIND_EXPERIMENTAL_PROVIDER", "nerdctl");

        var outcome = new KindProviderCheck(machine.look(), EngineChoice.PODMAN)
                .look()
                .outcome();

        assertThat(outcome.state()).isEqualTo(State.OK);
        assertThat(outcome.text()).contains("set to nerdctl, but envctl uses kind with podman");
    }

    private void perform(FakeMachine machine, Check check) {
        var mends = check.look().mends();
        assertThat(mends).hasSize(1);
        mends.get(0)
                .perform(new Workshop(
                        machine.look(),
                        new ScriptedPrograms(),
                        new Wait(),
                        Deadline.in(Duration.ofSeconds(10)),
                        events::add,
                        line -> {}));
    }
}
