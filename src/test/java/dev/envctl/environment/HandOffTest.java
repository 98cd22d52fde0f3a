package dev.envctl.environment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
