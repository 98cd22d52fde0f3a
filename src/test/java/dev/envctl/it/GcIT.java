package dev.envctl.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.envctl.environment.EnvironmentDirectory;
import org.junit.jupiter.api.Test;

/** What dead primaries left, seen from anywhere; limited to this test's own project, because others share the host. */
final class GcIT {
    @Test
    void removesWhatTheDeadLeftAndNothingOfTheLiving() {
        try (var project =
                Project.with("gc-files", Project.small("gc-files")).and("gc-lost", Project.small("gc-lost"))) {
            project.succeeds("up", "-e", "gc-files");
            project.succeeds("up", "-e", "gc-lost");
            var lost = primary(project, "gc-lost");
            EnvironmentDirectory.delete(project.files("gc-lost"));
            assertThat(fate(project, "gc-files", "--dry-run")).isEqualTo("kept: its primary lives");
            assertThat(fate(project, "gc-lost")).isEqualTo("kept: its primary lives");
            project.variable(
                    "ENVCTL_CACHE", project.folder().resolve("another-cache").toString());
            assertThat(fate(project, "gc-lost")).isEqualTo("kept: its primary lives");
            project.variable("ENVCTL_CACHE", Project.cache().toString());
            assertThat(Leftovers.containers("gc-lost")).hasSize(1);

            for (var command : java.util.List.of("up", "down")) {
                var refused = project.envctl(command, "-e", "gc-lost");
                assertThat(refused.exitCode()).as(refused.all()).isEqualTo(6);
                assertThat(refused.stderr())
                        .contains("has a living primary already (pid %d)".formatted(lost), "`kill %d`".formatted(lost));
                EnvironmentDirectory.delete(project.files("gc-lost"));
            }
            assertThat(Leftovers.containers("gc-lost")).hasSize(1);

            RunningUp.kill(lost);
            RunningUp.kill(primary(project, "gc-files"));
            assertThat(fate(project, "gc-files", "--dry-run")).isEqualTo("abandoned: its primary is dead");
            assertThat(Leftovers.containers("gc-files")).hasSize(1);

            var ran = gc(project);
            assertThat(ran.exitCode()).as(ran.all()).isZero();
            assertThat(fates(ran, "gc-files")).isEqualTo("removed: its primary is dead");
            assertThat(fates(ran, "gc-lost")).isEqualTo("removed: its folder is gone, and no primary lives");
            assertThat(Leftovers.clusters("gc-lost")).isEmpty();
            project.assertNothingLeft();
            assertThat(project.envctl("status", "-e", "gc-files").stdout())
                    .contains("`envctl gc`: its primary was dead");
            assertThat(gc(project).stdout().strip()).isEqualTo("[]");
        }
    }

    private static long primary(Project project, String name) {
        return project.json(project.files(name).resolve("primary.json"))
                .get("pid")
                .getAsLong();
    }

    private static Ran gc(Project project, String... more) {
        var words = new java.util.ArrayList<>(java.util.List.of(
                "gc", "-o", "json", "--below", project.folder().toString()));
        words.addAll(java.util.List.of(more));
        return project.envctl(words.toArray(String[]::new));
    }

    private static String fate(Project project, String environment, String... more) {
        var ran = gc(project, more);
        assertThat(ran.exitCode()).as(ran.all()).isZero();
        return fates(ran, environment);
    }

    private static String fates(Ran ran, String environment) {
        return JsonParser.parseString(ran.stdout()).getAsJsonArray().asList().stream()
                .map(found -> found.getAsJsonObject())
                .filter(found -> text(found, "environment").equals(environment))
                .map(found -> text(found, "fate") + ": " + text(found, "reason"))
                .findFirst()
                .orElse("not seen");
    }

    private static String text(JsonObject json, String member) {
        return json.get(member).getAsString();
    }
}
