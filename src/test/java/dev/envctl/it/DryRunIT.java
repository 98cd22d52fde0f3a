package dev.envctl.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** {@code up --dry-run} says what it would do and does nothing. */
final class DryRunIT {
    @Test
    void touchesNothing() throws Exception {
        try (var project = Project.with("hap-dry", Project.small("hap-dry"))) {
            var text = project.succeeds("up", "-e", "hap-dry", "--dry-run").stdout();
            var json = JsonParser.parseString(project.succeeds("up", "-e", "hap-dry", "--dry-run", "-o", "json")
                            .stdout())
                    .getAsJsonObject();

            assertThat(text)
                    .contains("environment hap-dry")
                    .contains("envctl-hap-dry-ID")
                    .contains("15000-25000")
                    .containsPattern("node +\\S+@sha256:[0-9a-f]{64}")
                    .containsPattern("postgres +\\S+@sha256:[0-9a-f]{64}")
                    .containsPattern("redis +\\S+@sha256:[0-9a-f]{64}")
                    .containsPattern("hand off +at most \\S+ +after issue leases, apply manifests");
            assertThat(json.get("name").getAsString()).isEqualTo("hap-dry");
            assertThat(json.get("ports").getAsString()).isEqualTo("15000-25000");
            assertThat(json.get("directory").getAsString())
                    .isEqualTo(project.files("hap-dry").toString());
            assertThat(json.getAsJsonArray("images").asList())
                    .extracting(DryRunIT::name)
                    .containsExactlyInAnyOrder("node", "postgres", "redis");
            assertThat(text)
                    .containsPattern("connections +2 workers × 20 \\+ 10 in reserve = 50 of 200")
                    .containsPattern("this machine +control plane \\d+ \\+ .* MiB of \\d+ MiB");
            for (var line : json.getAsJsonArray("capacity")) {
                assertThat(text).contains(line.getAsJsonObject().get("sum").getAsString());
                assertThat(line.getAsJsonObject().get("fits").getAsBoolean()).isTrue();
            }
            for (var phase : json.getAsJsonArray("phases")) {
                assertThat(text).contains("  " + name(phase));
                assertThat(phase.getAsJsonObject().get("limitSeconds").getAsLong())
                        .isPositive();
            }
            assertThat(json.getAsJsonArray("phases").asList())
                    .extracting(DryRunIT::name)
                    .contains("create cluster", "deploy services", "issue leases", "hand off");

            assertThat(Leftovers.containers("hap-dry")).isEmpty();
            try (var files = Files.list(project.folder())) {
                assertThat(files).containsExactly(project.folder().resolve("environments"));
            }
        }
    }

    private static String name(JsonElement named) {
        return named.getAsJsonObject().get("name").getAsString();
    }
}
