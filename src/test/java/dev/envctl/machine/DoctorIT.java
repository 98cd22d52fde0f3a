package dev.envctl.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.envctl.process.Command;
import dev.envctl.process.SystemPrograms;
import dev.envctl.spec.ClusterSpec.EngineChoice;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Looks at the machine the tests run on, whatever it has; changes nothing. */
class DoctorIT {
    @TempDir
    Path cache;

    @Test
    void looksAtThisMachine() {
        var doctor = new Doctor(Machine.here(), new SystemPrograms(), cache);

        var rows = doctor.examine(EngineChoice.PODMAN, true);

        assertThat(rows).extracting(Row::title).contains("Podman", "kind", "Free disk", "Go");
        assertThat(rows).allSatisfy(row -> assertThat(row.outcome().text()).doesNotContain("cannot be looked at"));
    }

    @Test
    void readsKernelParametersWhole() {
        var file = "/proc/sys/fs/inotify/max_user_watches";
        var whole = new SystemPrograms().run(Command.of("cat", file)).stdout().strip();

        assertThat(Machine.here().number(file)).hasValue(Long.valueOf(whole));
    }

    @Test
    void plansWithoutChangingAnything() {
        var setup = new Setup(Machine.here(), new SystemPrograms(), cache, EngineChoice.PODMAN, true, false);

        assertThat(setup.plan().steps()).isEqualTo(setup.plan().steps());
        assertThat(cache).isEmptyDirectory();
    }
}
