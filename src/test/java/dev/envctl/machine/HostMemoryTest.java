package dev.envctl.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostMemoryTest {
    private static final long GIB = 1L << 30;

    private FakeMachine machine;

    @BeforeEach
    void makeMachine(@TempDir Path root) {
        machine = new FakeMachine(root).file("/proc/meminfo", """
                MemTotal:       16777216 kB
                MemFree:         1048576 kB
                MemAvailable:    8388608 kB
                """);
    }

    @Test
    void isWhatTheKernelSaysWhereNothingLimitsUs() {
        assertThat(look()).contains(new HostMemory(16 * GIB, 8 * GIB));
    }

    @Test
    void isThatOfTheContainerWeAreInWithVersion2() {
        machine.file("/proc/self/cgroup", "0::/\n")
                .file("/sys/fs/cgroup/memory.max", GIB * 4 + "\n")
                .file("/sys/fs/cgroup/memory.current", GIB * 3 + "\n")
                .file("/sys/fs/cgroup/memory.stat", "anon 5\ninactive_file " + GIB + "\n");

        assertThat(look()).contains(new HostMemory(4 * GIB, 2 * GIB));
    }

    @Test
    void isThatOfAGroupAroundUsWithVersion1() {
        machine.file("/proc/self/cgroup", "7:cpu,memory:/user/one\n0::/\n")
                .file("/sys/fs/cgroup/memory/user/memory.limit_in_bytes", GIB * 4 + "\n")
                .file("/sys/fs/cgroup/memory/user/memory.usage_in_bytes", GIB + "\n")
                .file("/sys/fs/cgroup/memory/user/memory.stat", "total_inactive_file 0\n");

        assertThat(look()).contains(new HostMemory(4 * GIB, 3 * GIB));
    }

    @Test
    void isNotThatOfOurOwnGroupWhichContainersAreNotIn() {
        machine.file("/proc/self/cgroup", "0::/user.slice/run-1.scope\n")
                .file("/sys/fs/cgroup/user.slice/run-1.scope/memory.max", GIB + "\n")
                .file("/sys/fs/cgroup/user.slice/run-1.scope/memory.current", "0\n")
                .file("/sys/fs/cgroup/user.slice/memory.max", "max\n")
                .file("/sys/fs/cgroup/user.slice/memory.current", "0\n");

        assertThat(look()).contains(new HostMemory(16 * GIB, 8 * GIB));
    }

    @Test
    void isUnknownWhereTheSystemDoesNotTell(@TempDir Path other) {
        assertThat(HostMemory.of(new FakeMachine(other).without("/proc/meminfo").look()))
                .isEmpty();
    }

    private java.util.Optional<HostMemory> look() {
        return HostMemory.of(machine.look());
    }
}
