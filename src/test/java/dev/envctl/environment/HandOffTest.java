package dev.envctl.environment;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HandOffTest {
    private final HandOff handOff = SampleHandOff.of("/p/.envctl/e2e/workers/1.json");

    @TempDir
    Path project;

    private EnvironmentDirectory directory = new EnvironmentDirectory(Path.of("/"));

    @BeforeEach
    void makeDirectory() {
        directory = EnvironmentDirectory.of(project, "e2e");
        directory.create();
    }

    @Test
    void comesBackFromItsFile() {
        EnvironmentDirectory.write(directory.handOff(), handOff.json());

        assertThat(HandOff.read(directory)).contains(handOff);
    }

    @Test
    void isEmptyWhereThereIsNoFile() {
        assertThat(HandOff.read(directory)).isEmpty();
    }

    @Test
    void isEmptyWhereAnotherVersionWroteTheFile() throws IOException {
        Files.writeString(directory.handOff(), handOff.json().replace("envctl.dev/v1", "envctl.dev/v2"));

        assertThat(HandOff.read(directory)).isEmpty();
    }

    @Test
    void isEmptyWhereTheFileIsTorn() throws IOException {
        Files.writeString(directory.handOff(), handOff.json().substring(0, 100));

        assertThat(HandOff.read(directory)).isEmpty();
    }

    @Test
    void isEmptyWhereAnythingIsMissing() throws IOException {
        for (var member :
                List.of("name", "id", "state", "cluster", "services", "workers", "images", "primary", "timings")) {
            var json = JsonParser.parseString(handOff.json()).getAsJsonObject();
            json.remove(member);
            Files.writeString(directory.handOff(), json.toString());

            assertThat(HandOff.read(directory)).as(member).isEmpty();
        }
        for (var path : List.of(
                "cluster.server",
                "cluster.nodes",
                "services.postgres.url",
                "services.redis.inCluster",
                "primary.api")) {
            var json = JsonParser.parseString(handOff.json()).getAsJsonObject();
            var names = path.split("\\.", -1);
            var inner = json;
            for (var i = 0; i < names.length - 1; i++) {
                inner = inner.getAsJsonObject(names[i]);
            }
            assertThat(inner.remove(names[names.length - 1])).as(path).isNotNull();
            Files.writeString(directory.handOff(), json.toString());

            assertThat(HandOff.read(directory)).as(path).isEmpty();
        }
    }

    @Test
    void namesTheNewPrimaryAfterATakeOver() {
        var next = new HandOff.Primary(5000, "http://127.0.0.1:50000", "2026-01-02T00:00:00Z");

        var taken = handOff.ownedBy(next);

        assertThat(taken.primary()).isEqualTo(next);
        assertThat(taken.ownedBy(handOff.primary())).isEqualTo(handOff);
    }

    @Test
    void givesTheWholeEnvironmentAsVariables() {
        assertThat(handOff.variables())
                .containsEntry("ENVCTL_ENVIRONMENT", "e2e")
                .containsEntry("KUBECONFIG", "/p/.envctl/e2e/kubeconfig")
                .containsEntry("PGPASSWORD", SampleHandOff.PASSWORD)
                .containsEntry("REDIS_URL", "redis://w1:secret@127.0.0.1:15002/1")
                .doesNotContainKey("ENVCTL_WORKER");
    }
}
