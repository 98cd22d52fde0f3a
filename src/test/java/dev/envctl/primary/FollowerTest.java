package dev.envctl.primary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.envctl.CacheDirectory;
import dev.envctl.EnvctlException;
import dev.envctl.Progress;
import dev.envctl.engine.EngineFinder;
import dev.envctl.environment.EnvironmentDirectory;
import dev.envctl.environment.Tools;
import dev.envctl.image.Images;
import dev.envctl.kubernetes.HttpKubernetesApi;
import dev.envctl.machine.Machine;
import dev.envctl.process.Command;
import dev.envctl.process.LeftoverPrograms;
import dev.envctl.process.SystemPrograms;
import dev.envctl.readiness.Wait;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class FollowerTest {
    @TempDir
    private Path folder = Path.of("");

    private Tools tools() {
        var programs = new SystemPrograms();
        var cache = new CacheDirectory(folder.resolve("cache"));
        return new Tools(
                Machine.here(),
                programs,
                new LeftoverPrograms(),
                new Wait(),
                new EngineFinder(programs, new Wait(), Map.of()),
                HttpKubernetesApi::new,
                new Images(cache, folder.resolve("build"), programs, Map.of(), folder),
                cache,
                new SecureRandom());
    }

    private static Command ending(int exitCode) {
        return Command.of("sh", "-c", "echo last words; exit " + exitCode);
    }

    /** As when what a killed primary left is still being removed at that moment. */
    @Test
    void startsAgainWhereSomebodyElseHadTheLock() {
        var commands = new ArrayDeque<>(List.of(ending(Primary.SOMEBODY_ELSE_IS), ending(9)));
        try (var follower = new Follower(EnvironmentDirectory.of(folder, "e2e"), tools(), Progress.SILENT)) {
            var failure = catchThrowableOfType(EnvctlException.class, () -> follower.findOrStart(commands::remove));

            assertThat(failure.problem()).isEqualTo("The primary ended at once with exit code 9.");
            assertThat(failure.details()).contains("last words");
        }
        assertThat(commands).isEmpty();
    }
}
