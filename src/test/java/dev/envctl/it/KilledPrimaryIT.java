package dev.envctl.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.envctl.environment.EnvironmentDirectory;
import dev.envctl.it.RunningUp.Moment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** kill -9 of the primary, at any time: whatever it leaves, the next command is at the end of it. */
final class KilledPrimaryIT {
    /** In the order in which they come. */
    private static final List<Moment> MOMENTS = List.of(
            new Moment("check prerequisites", 0, 300),
            new Moment("pull images", 0, 200),
            // kind makes volumes and runs `podman run`.
            new Moment("create cluster", 0, 400),
            new Moment("create cluster", 400, 1500),
            new Moment("await API server", 1500, 3000),
            // kubeadm is at work.
            new Moment("deliver images", 3000, 5000),
            new Moment("deploy services", 0, 300),
            new Moment("make namespaces", 0, 200),
            new Moment("await services", 0, 1000),
            new Moment("issue leases", 0, 200),
            new Moment("await cluster", 0, 1500),
            new Moment("hand off", 0, 1));

    /** A strike after one of these may come too late: the environment is ready. */
    private static final Set<String> LAST_PHASES = Set.of("issue leases", "await cluster", "hand off");

    private static final Set<String> CONVERGE_AFTER = Set.of("check prerequisites", "issue leases");

    /**
     * Each creation must first remove what the one before left, and is then killed itself, a phase further on. Some may
     * come to their end.
     */
    @Test
    void upMakesAnewWhateverPhaseTheLastOneWasKilledIn() {
        var left = "";
        try (var project = Project.with("kil-up", Project.small("kil-up"))) {
            for (var moment : MOMENTS) {
                var up = RunningUp.of(project, "kil-up").await(moment);
                assertToldOfRemoval(up, left);
                if (!killed(up, moment)) {
                    assertThat(project.succeeds("up", "-e", "kil-up").stderr())
                            .contains("Took over environment kil-up");
                    left = removed(project);
                } else if (CONVERGE_AFTER.contains(moment.phase())) {
                    assertConverges(project, up.id());
                    left = removed(project);
                } else {
                    left = up.id();
                }
            }
            assertConverges(project, left);
        }
    }

    private static String removed(Project project) {
        project.succeeds("down", "-e", "kil-up");
        project.assertNothingLeft();
        return "";
    }

    private static void assertToldOfRemoval(RunningUp up, String left) {
        if (!left.isEmpty()) {
            up.awaitLine("(id %s), whose primary (pid ".formatted(left));
            assertThat(Leftovers.clusters("kil-up")).noneMatch(name -> name.contains(left));
        }
    }

    private static void assertConverges(Project project, String left) {
        var ran = project.succeeds("up", "-e", "kil-up", "--progress", "json");
        if (!left.isEmpty()) {
            assertThat(ran.stderr()).contains("(id %s), whose primary (pid ".formatted(left));
        }
        Usable.assertUsable(project, "kil-up");
        assertThat(Leftovers.clusters("kil-up"))
                .containsOnly(
                        "envctl-kil-up-" + project.handOff("kil-up").get("id").getAsString());
    }

    @Test
    void downLeavesNothingWhateverPhaseTheCreationWasKilledIn() {
        try (var project = Project.with("kil-down", Project.small("kil-down"))) {
            for (var moment : MOMENTS) {
                var up = RunningUp.of(project, "kil-down").await(moment);
                killed(up, moment);
                assertAbandoned(project, "kil-down");
                var down = project.succeeds("down", "-e", "kil-down");
                assertThat(down.stderr()).as(moment.toString()).contains("Environment kil-down is gone.");
                project.assertNothingLeft();
                assertThat(project.envctl("status", "-e", "kil-down").stdout()).contains("is absent");
            }
        }
    }

    /** Kills the primary; false where the environment was ready before. The client that waited says what has happened. */
    private static boolean killed(RunningUp up, Moment moment) {
        up.killPrimary();
        var ran = up.await();
        if (ran.exitCode() == 0) {
            assertThat(LAST_PHASES).as(ran.all()).contains(moment.phase());
            return false;
        }
        assertThat(ran.exitCode()).as(moment + ran.all()).isEqualTo(1);
        assertThat(ran.stderr())
                .contains("\"type\":\"failure\"", "ended before the environment was ready", "Run `envctl up` again");
        assertThat(ran.stdout()).isEmpty();
        return true;
    }

    private static void assertAbandoned(Project project, String name) {
        var status = project.envctl("status", "-e", name, "-o", "json");
        assertThat(status.exitCode()).as(status.all()).isEqualTo(6);
        assertThat(status.stdout()).contains("\"state\": \"abandoned\"");
        var env = project.envctl("env", "-e", name);
        assertThat(env.exitCode()).as(env.all()).isEqualTo(6);
        assertThat(env.stdout()).isEmpty();
        assertThat(env.stderr()).contains("The primary of environment " + name + " is gone");
    }

    /** Whoever deletes the folder deletes the journal. */
    @Test
    void downAndUpFindWhatWasMadeForAFolderThatWasDeleted() {
        try (var project = Project.with("kil-folder", Project.small("kil-folder"))) {
            for (var command : List.of("down", "up")) {
                project.succeeds("up", "-e", "kil-folder");
                var left = Leftovers.clusters("kil-folder");
                killPrimary(project, "kil-folder");
                EnvironmentDirectory.delete(project.folder().resolve(".envctl"));
                project.succeeds(command, "-e", "kil-folder");
                assertThat(Leftovers.clusters("kil-folder"))
                        .doesNotContainAnyElementsOf(left)
                        .hasSize(command.equals("up") ? 1 : 0);
            }
        }
    }

    @Test
    void whatWasReadyIsTakenOverAndARemovalIsFinished() throws InterruptedException {
        try (var project = Project.with("kil-ready", Project.small("kil-ready"))) {
            project.succeeds("up", "-e", "kil-ready");
            var before = project.handOff("kil-ready");
            var containers = containers(project);
            killPrimary(project, "kil-ready");
            assertAbandoned(project, "kil-ready");

            var ran = project.succeeds("up", "-e", "kil-ready");
            assertThat(ran.stderr()).contains("Took over environment kil-ready");
            var after = project.handOff("kil-ready");
            assertThat(after.get("id")).isEqualTo(before.get("id"));
            var primary = project.json(project.files("kil-ready").resolve("primary.json"));
            var named = after.getAsJsonObject("primary");
            assertThat(named.get("pid")).isEqualTo(primary.get("pid"));
            assertThat(named.get("api")).isEqualTo(primary.get("api"));
            assertThat(named.get("pid"))
                    .isNotEqualTo(before.getAsJsonObject("primary").get("pid"));
            before.remove("primary");
            after.remove("primary");
            assertThat(after).isEqualTo(before);
            assertThat(containers(project)).isEqualTo(containers);
            Usable.assertUsable(project, "kil-ready");
            assertThat(project.succeeds("status", "-e", "kil-ready").stdout()).contains("ready");

            assertDownSurvivesItsPrimary(project);
            assertUpSurvivesARemovalCutShort(project);
        }
    }

    private static void assertDownSurvivesItsPrimary(Project project) {
        var primary = primary(project, "kil-ready");
        var down = removing(project);
        assertThat(RunningUp.kill(primary)).isTrue();
        var ran = project.await(down, java.time.Duration.ofMinutes(1));
        assertThat(ran.exitCode()).as(ran.all()).isZero();
        project.assertNothingLeft();
    }

    private static void assertUpSurvivesARemovalCutShort(Project project) throws InterruptedException {
        project.succeeds("up", "-e", "kil-ready");
        var first = project.handOff("kil-ready").get("id").getAsString();
        var primary = primary(project, "kil-ready");
        var down = removing(project);
        down.destroyForcibly();
        assertThat(RunningUp.kill(primary)).isTrue();
        assertThat(down.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertAbandoned(project, "kil-ready");
        var ran = project.succeeds("up", "-e", "kil-ready");
        assertThat(ran.stderr()).contains("Removing environment kil-ready (id " + first);
        Usable.assertUsable(project, "kil-ready");
        assertThat(Leftovers.clusters("kil-ready")).noneMatch(name -> name.contains(first));

        assertIsMadeAnewWhereThatIsAskedFor(project);
        killPrimary(project, "kil-ready");
        project.succeeds("down", "-e", "kil-ready");
        project.assertNothingLeft();
    }

    /** Although it is whole, and would be taken over otherwise. */
    private static void assertIsMadeAnewWhereThatIsAskedFor(Project project) {
        var first = project.handOff("kil-ready").get("id").getAsString();
        killPrimary(project, "kil-ready");
        var ran = project.succeeds("up", "-e", "kil-ready", "--recreate");
        assertThat(ran.stderr()).doesNotContain("Took over");
        assertThat(project.handOff("kil-ready").get("id").getAsString()).isNotEqualTo(first);
        Usable.assertUsable(project, "kil-ready");
        assertThat(Leftovers.clusters("kil-ready")).hasSize(1).noneMatch(name -> name.contains(first));
    }

    /** A `down` whose primary has begun: the hand-off is withdrawn first. */
    private static Process removing(Project project) {
        var down = project.startEnvctl("down", "-e", "kil-ready");
        for (var look = 0; look < 6000 && java.nio.file.Files.exists(handOff(project)); look++) {
            RunningUp.pause(java.time.Duration.ofMillis(10));
        }
        assertThat(handOff(project)).doesNotExist();
        RunningUp.pause(java.time.Duration.ofMillis(50));
        return down;
    }

    private static java.nio.file.Path handOff(Project project) {
        return project.files("kil-ready").resolve("environment.json");
    }

    private static void killPrimary(Project project, String name) {
        assertThat(RunningUp.kill(primary(project, name))).isTrue();
    }

    private static long primary(Project project, String name) {
        return project.json(project.files(name).resolve("primary.json"))
                .get("pid")
                .getAsLong();
    }

    /** With when they were started: restarted ones would differ. */
    private static List<String> containers(Project project) {
        var ran = project.program(
                Map.of(), "podman", "ps", "-a", "--no-trunc", "--format", "{{.Names}} {{.ID}} {{.StartedAt}}");
        return new ArrayList<>(ran.stdout()
                .lines()
                .filter(line -> line.startsWith("envctl-kil-ready-"))
                .toList());
    }
}
