package dev.envctl.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An environment that is not any more what it was, under a primary that lives: never used silently. */
final class BrokenIT {
    private static final Duration NOTICED = Duration.ofMinutes(1);

    @Test
    void namesWhatIsBrokenAndMakesItAnew() {
        try (var project = Project.with("bro-ken", Project.small("bro-ken"))) {
            project.succeeds("up", "-e", "bro-ken");
            var first = project.handOff("bro-ken").get("id").getAsString();
            var node = node();
            podman(project, "pause", node);
            awaitBroken(project, "its node %s is paused".formatted(node));
            var up = project.envctl("up", "-e", "bro-ken");
            assertThat(up.exitCode()).as(up.all()).isEqualTo(1);
            assertThat(up.stderr()).contains("is broken: its node " + node + " is paused", "--recreate");
            podman(project, "unpause", node);
            await().atMost(NOTICED)
                    .until(() -> project.envctl("status", "-e", "bro-ken").exitCode() == 0);
            Usable.assertUsable(project, "bro-ken");
            assertThat(project.succeeds("env", "-e", "bro-ken").stderr()).contains("It was broken for ");

            podman(project, "exec", node, "pkill", "redis-server");
            awaitBroken(project, "redis was restarted");
            var anew = project.succeeds("up", "-e", "bro-ken");
            assertThat(anew.stderr()).contains("The environment is broken: redis was restarted", "It is made anew.");
            assertThat(project.handOff("bro-ken").get("id").getAsString()).isNotEqualTo(first);
            Usable.assertUsable(project, "bro-ken");

            podman(project, "kill", node());
            awaitBroken(project, "its node %s does not run".formatted(node()));
        }
    }

    private static void awaitBroken(Project project, String why) {
        await().atMost(NOTICED).untilAsserted(() -> {
            var status = project.envctl("status", "-e", "bro-ken");
            assertThat(status.exitCode()).as(status.all()).isEqualTo(6);
            assertThat(status.stdout()).contains("environment bro-ken is broken", why);
        });
        var env = project.envctl("env", "-e", "bro-ken");
        assertThat(env.exitCode()).as(env.all()).isEqualTo(6);
        assertThat(env.stdout()).isEmpty();
        assertThat(env.stderr()).contains("Environment bro-ken is broken", why);
        var lease = project.envctl("worker", "acquire", "-e", "bro-ken");
        assertThat(lease.exitCode()).as(lease.all()).isEqualTo(6);
        assertThat(lease.stdout()).isEmpty();
        assertThat(lease.stderr()).contains("The environment is broken: " + why);
    }

    private static String node() {
        return Leftovers.containers("bro-ken").get(0);
    }

    private static void podman(Project project, String... arguments) {
        var command = new java.util.ArrayList<>(java.util.List.of("podman"));
        command.addAll(java.util.List.of(arguments));
        var ran = project.program(Map.of(), command.toArray(String[]::new));
        assertThat(ran.exitCode()).as(ran.all()).isZero();
    }
}
