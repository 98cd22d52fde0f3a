package dev.envctl.maven;

import static org.assertj.core.api.Assertions.assertThat;

import dev.envctl.environment.EnvironmentDirectory;
import dev.envctl.environment.SampleHandOff;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ExportedPropertiesTest {
    private final java.util.Map<String, String> properties =
            ExportedProperties.of(SampleHandOff.of("1.json"), EnvironmentDirectory.of(Path.of("/p"), "e2e"));

    @Test
    void sayWhereEverythingIs() {
        assertThat(properties)
                .containsEntry("envctl.environment", "e2e")
                .containsEntry("envctl.directory", "/p/.envctl/e2e")
                .containsEntry("envctl.kubeconfig", "/p/.envctl/e2e/kubeconfig")
                .containsEntry("envctl.workers", "1");
        assertThat(properties.get("envctl.postgres.jdbcUrl")).matches("jdbc:postgresql://127\\.0\\.0\\.1:\\d+/\\w+");
    }

    @Test
    void theReadmeHasThemAll() throws IOException {
        var table = Files.readString(Path.of("README.md"));
        table = table.substring(table.indexOf("| property that `up` sets"), table.indexOf("| setting (`-D`"));
        var shown = new TreeSet<String>();
        for (var row : table.lines().skip(2).toList()) {
            var prefix = "";
            for (var name : Pattern.compile("`([^`]+)`")
                    .matcher(row.split("\\|", -1).length > 1 ? row.split("\\|", -1)[1] : "")
                    .results()
                    .map(match -> match.group(1))
                    .toList()) {
                prefix = name.startsWith(".") ? prefix : name.substring(0, name.lastIndexOf('.'));
                shown.add(name.startsWith(".") ? prefix + name : name);
            }
        }

        assertThat(shown).containsExactlyInAnyOrderElementsOf(properties.keySet());
    }
}
