package dev.envctl.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many test processes that each make sure of the environment, as at the start of every parallel run. */
final class UpAtOnceIT {
    private static final Duration LIMIT = Duration.ofMinutes(5);

    @ParameterizedTest
    @ValueSource(ints = {2, 6})
    void makesOneEnvironmentForAll(int commands) throws IOException {
        try (var project = Project.with("hap-at-once", Project.small("hap-at-once"))) {
            var started = new ArrayList<Process>();
            for (var i = 0; i < commands; i++) {
                started.add(project.startEnvctl("up", "-e", "hap-at-once", "-o", "json"));
            }
            var answers = new HashSet<String>();
            for (var process : started) {
                var ran = project.await(process, LIMIT);
                assertThat(ran.exitCode()).as(ran.all()).isZero();
                answers.add(ran.stdout());
            }

            var handOff = project.files("hap-at-once").resolve("environment.json");
            assertThat(answers).containsExactly(Files.readString(handOff));
            var id = project.handOff("hap-at-once").get("id").getAsString();
            assertThat(Leftovers.containers("hap-at-once"))
                    .containsExactly("envctl-hap-at-once-" + id + "-control-plane");
            assertThat(Files.readString(project.files("hap-at-once").resolve("journal.jsonl")))
                    .containsOnlyOnce("\"step\":\"begin\"");
        }
    }
}
