package dev.envctl.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The environment files of this repository come up as they are. */
final class EnvironmentFilesIT {
    @Test
    void widgetsComesUpWithItsObjects() {
        try (var project = Project.withCopyOf("environments")) {
            project.succeeds("up", "-e", "widgets");

            var handOff = project.handOff("widgets");
            assertThat(handOff.getAsJsonObject("services").keySet()).containsExactly("postgres");
            assertThat(handOff.getAsJsonArray("workers")).hasSize(2);
            var settings = project.exportedBy(". .envctl/widgets/workers/2.env");
            assertThat(settings).containsKey("DATABASE_URL").doesNotContainKey("REDIS_URL");

            var kubectl = Kubectl.admin(project, handOff);
            var definition = kubectl.get("customresourcedefinition", "widgets.example.envctl.dev");
            var colours = kubectl.get("-n", "default", "configmap", "widget-settings");
            var widget = kubectl.get("-n", "default", "widget", "first");
            assertThat(colours.getAsJsonObject("data").get("colour").getAsString())
                    .isEqualTo("green");
            assertThat(widget.getAsJsonObject("spec").get("size").getAsInt()).isEqualTo(3);
            for (var object : List.of(definition, colours, widget)) {
                assertLabelled(object, handOff);
            }
        }
    }

    private static void assertLabelled(JsonObject object, JsonObject handOff) {
        var labels = object.getAsJsonObject("metadata").getAsJsonObject("labels");
        assertThat(labels.get("dev.envctl.environment").getAsString()).isEqualTo("widgets");
        assertThat(labels.get("dev.envctl.id")).isEqualTo(handOff.get("id"));
        assertThat(labels.get("dev.envctl.epoch").getAsString()).isEqualTo("1");
    }

    /** {@code e2e} is what {@link WorkerLeasesIT} brings up, {@code suites} what {@link SuiteRunIT} does. */
    @Test
    void noneIsWithoutATest() throws IOException {
        try (var files = Files.list(Project.CHECKOUT.resolve("environments"))) {
            assertThat(files.filter(Files::isRegularFile)
                            .map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("e2e.yaml", "suites.yaml", "widgets.yaml");
        }
    }
}
