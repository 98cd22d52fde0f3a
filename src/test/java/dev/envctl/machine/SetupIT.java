package dev.envctl.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.envctl.Progress;
import dev.envctl.process.Command;
import dev.envctl.process.SystemPrograms;
import dev.envctl.readiness.Deadline;
import dev.envctl.readiness.Wait;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Needs Go 1.24 or newer that reaches its modules. */
class SetupIT {
    @TempDir
    Path root;

    @TempDir
    Path cache;

    @Test
    void buildsAKindThatTellsItsVersion() {
        var programs = new SystemPrograms();
        var workshop = new Workshop(
                new FakeMachine(root).look(),
                programs,
                new Wait(),
                Deadline.in(Duration.ofMinutes(5)),
                Progress.SILENT,
                line -> {});

        new InstallKind(cache).perform(workshop);

        var kind = InstallKind.target(cache);
        assertThat(programs.run(Command.of(kind.toString(), "version")).stdout())
                .startsWith("kind v0.33.0 ");
    }
}
