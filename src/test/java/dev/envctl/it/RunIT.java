package dev.envctl.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** {@code envctl run}: up, a command, down. */
final class RunIT {
    /** Every worker's file, found as a test runner would. */
    private static final String LOOK = """
            test "$ENVCTL_ENVIRONMENT" = run-code
            for n in $(seq "$ENVCTL_WORKERS"); do
              (. "$ENVCTL_DIRECTORY/workers/$n.env" && echo "worker $ENVCTL_WORKER at $PGDATABASE")
            done
            read -r line || echo "end of input"
            exit 7
            """;

    @Test
    void runsTheCommandWithTheSettingsAndPassesItsExitCodeOn() {
        try (var project = Project.with("run-code", Project.small("run-code"))) {
            var ran = project.envctl(
                    "run", "-e", "run-code", "--workers", "3", "--keep-on-failure", "--", "sh", "-c", LOOK);
            assertThat(ran.exitCode()).as(ran.all()).isEqualTo(7);
            assertThat(ran.stdout()).isEqualTo("""
                            worker 1 at worker_1
                            worker 2 at worker_2
                            worker 3 at worker_3
                            end of input
                            """);
            assertThat(ran.stderr()).contains("exit code 7: environment run-code is kept");
            project.succeeds("status", "-e", "run-code");

            var second = project.succeeds("run", "-e", "run-code", "--workers", "3", "--", "true");
            assertThat(second.stderr()).contains("ran already: it is used as it is and left running");
            project.succeeds("status", "-e", "run-code");
            project.succeeds("down", "-e", "run-code");
            project.assertNothingLeft();
        }
    }

    @Test
    void passesASignalOnAndRemovesEverything() {
        try (var project = Project.with("run-signal", Project.small("run-signal"))) {
            var mark = project.folder().resolve("mark");
            var run = project.startEnvctl(
                    "run",
                    "-e",
                    "run-signal",
                    "--",
                    "sh",
                    "-c",
                    "trap 'exit 9' TERM; touch mark; while :; do sleep 0.1; done");
            await().atMost(Duration.ofMinutes(3)).until(() -> Files.exists(mark) || !run.isAlive());
            assertThat(run.toHandle().destroy()).isTrue();
            var ran = project.await(run, Duration.ofMinutes(1));
            assertThat(ran.exitCode()).as(ran.all()).isEqualTo(9);
            project.assertNothingLeft();

            var killed = project.envctl("run", "-e", "run-signal", "--", "sh", "-c", "kill -TERM $$");
            assertThat(killed.exitCode()).as(killed.all()).isEqualTo(143);
            project.assertNothingLeft();
        }
    }
}
