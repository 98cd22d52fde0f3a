package dev.envctl.maven;

import dev.envctl.FailureKind;
import java.util.List;
import org.apache.maven.plugins.annotations.Mojo;

/** Shows where the environment is and who uses what of it, as {@code envctl status} does. */
@Mojo(name = "status", threadSafe = true, requiresProject = false)
public final class StatusGoal extends EnvironmentGoal {
    @Override
    void run() {
        var installation = installation();
        var command = installation
                .command(List.of("status", "--environment", name(), "--color", "never"))
                .in(files().root())
                .timeout(java.time.Duration.ofSeconds(30));
        var ran = installation.tools(variables()).programs().run(command);
        if (ran.exitCode() != 0 && ran.exitCode() != FailureKind.NOT_OWNER.exitCode()) {
            ran.orThrow("");
        }
        ran.stdout().lines().forEach(getLog()::info);
    }
}
