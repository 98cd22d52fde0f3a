package dev.envctl.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** The wall clock is set while an environment is used: named by the next command, and no limit moves. */
final class ClockJumpIT {
    private static final String NAME = "clo-ck";
    private static final Duration NOTICED = Duration.ofSeconds(15);

    @Test
    void isNamedAndEndsNeitherTheEnvironmentNorALease() {
        try (var project = Project.with(NAME, Project.small(NAME))) {
            var clock = SettableClock.in(project);
            var up = project.program(
                    clock.variables(),
                    Project.CHECKOUT.resolve("envctl").toString(),
                    "up",
                    "-e",
                    NAME,
                    "--ttl",
                    "30m",
                    "--idle",
                    "20m");
            assertThat(up.exitCode()).as(up.all()).isZero();
            var first = project.handOff(NAME).get("id").getAsString();
            var lease = LeaseApi.ofOwner(project, NAME).acquire("{\"holder\": \"it\", \"ttl\": \"10m\"}");

            clock.ahead("+2h");
            awaitNamed(project, "The clock was set forward by 7");
            assertLives(project, lease.get("worker").getAsInt());

            clock.ahead("-10m");
            awaitNamed(project, "The clock was set back by 7");
            assertLives(project, lease.get("worker").getAsInt());

            clock.ahead("+0");
            awaitNamed(project, "The clock was set forward by ", "600 s");
            assertLives(project, lease.get("worker").getAsInt());
            var again = project.succeeds("up", "-e", NAME);
            assertThat(again.stderr()).contains("The clock was set back by ");
            assertThat(project.handOff(NAME).get("id").getAsString()).isEqualTo(first);
            var reset = project.envctl("worker", "reset", lease.get("worker").getAsString(), "-e", NAME);
            assertThat(reset.exitCode()).as(reset.all()).isZero();
            Usable.assertUsable(project, NAME);
        }
    }

    private static void awaitNamed(Project project, String... words) {
        await().atMost(NOTICED).untilAsserted(() -> {
            var asked = project.envctl("env", "-e", NAME);
            assertThat(asked.exitCode()).as(asked.all()).isZero();
            assertThat(asked.stderr()).contains(words);
        });
    }

    /** For longer than anything that ends one takes to notice. */
    private static void assertLives(Project project, int worker) {
        await().during(Duration.ofSeconds(3)).atMost(Duration.ofSeconds(30)).until(() -> {
            var api = LeaseApi.ofOwner(project, NAME);
            return api.ask("POST", "/v1/leases/%d/heartbeat".formatted(worker), "")
                            .code()
                    == 200;
        });
        assertThat(project.succeeds("status", "-e", NAME).stdout()).contains("is ready");
    }
}
