package dev.envctl.environment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.envctl.process.OwnProcess;
import dev.envctl.spec.ClusterSpec.EngineChoice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PastTest {
    private static final Identity IDENTITY = new Identity("e2e", "0123abcd", 1, "0af7651916cd43dd8448eb211c80319c");

    @TempDir
    private Path folder = Path.of("");

    private EnvironmentDirectory directory = new EnvironmentDirectory(Path.of(""));

    @BeforeEach
    void create() {
        directory = EnvironmentDirectory.of(folder.resolve("project"), "e2e");
        directory.create();
    }

    private static void begin(EnvironmentDirectory where, Identity identity) {
        try (var journal = Journal.append(where.journal(), identity.epoch())) {
            journal.begin(identity, where, "podman", "unix:///podman.sock", "settings");
        }
    }

    private void write(String step, String event) {
        try (var journal = Journal.append(directory.journal(), 1)) {
            journal.write(step, event, Map.of());
        }
    }

    private void line(String line) throws IOException {
        Files.writeString(directory.journal(), line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    @Test
    void thereIsNoneWithoutAJournal() {
        assertThat(Past.read(directory)).isEmpty();
    }

    @Test
    void tellsWhoItWasAndHowFarItCame() {
        begin(directory, IDENTITY);
        write("create cluster", "intent");

        assertThat(Past.read(directory))
                .contains(new Past(
                        IDENTITY,
                        EngineChoice.PODMAN,
                        "unix:///podman.sock",
                        OwnProcess.bootId(),
                        "settings",
                        true,
                        false,
                        "create cluster"));
    }

    @Test
    void nothingWasBegunBeforeTheFirstIntent() {
        begin(directory, IDENTITY);

        assertThat(Past.read(directory)).get().extracting(Past::begun).isEqualTo(false);
    }

    @Test
    void isWholeOnlyOnceTheHandOffIsDone() {
        begin(directory, IDENTITY);
        write(Journal.HAND_OFF, "intent");
        assertThat(Past.read(directory)).get().extracting(Past::handedOff).isEqualTo(false);

        write(Journal.HAND_OFF, "done");
        assertThat(Past.read(directory)).get().extracting(Past::handedOff).isEqualTo(true);
    }

    @Test
    void theLastWhoTookOverCounts() {
        begin(directory, IDENTITY);
        begin(directory, IDENTITY.next());

        assertThat(Past.read(directory).orElseThrow().identity().epoch()).isEqualTo(2);
    }

    @Test
    void aTornEndHidesNothingBeforeIt() throws IOException {
        begin(directory, IDENTITY);
        Files.writeString(directory.journal(), "{\"step\":\"begin\",\"id\":\"99", StandardOpenOption.APPEND);

        assertThat(Past.read(directory)).get().extracting(Past::identity).isEqualTo(IDENTITY);
    }

    @Test
    void aJournalTruncatedInItsFirstLineNamesNothing() throws IOException {
        begin(directory, IDENTITY);
        var text = Files.readString(directory.journal());
        Files.writeString(directory.journal(), text.substring(0, text.length() / 2));

        assertThat(Past.read(directory)).isEmpty();
    }

    @Test
    void whatIsNoIdIsPassedOver() throws IOException {
        begin(directory, IDENTITY);
        line("{\"epoch\":1,\"step\":\"begin\",\"event\":\"done\",\"name\":\"e2e\",\"id\":\"../../etc\"}");

        assertThat(Past.read(directory)).get().extracting(Past::identity).isEqualTo(IDENTITY);
    }

    @Test
    void anotherEnvironmentsNameIsPassedOver() throws IOException {
        line("{\"epoch\":1,\"step\":\"begin\",\"event\":\"done\",\"name\":\"other\",\"id\":\"0123abcd\"}");

        assertThat(Past.read(directory)).isEmpty();
    }

    @Test
    void aCopiedFolderDoesNotOwnTheOriginalsCluster() throws IOException {
        begin(directory, IDENTITY);
        var copy = EnvironmentDirectory.of(folder.resolve("copy"), "e2e");
        copy.create();
        Files.copy(directory.journal(), copy.journal());

        assertThat(Past.read(copy)).isEmpty();
        assertThat(Past.read(directory)).isPresent();
    }

    @Test
    void aMovedFolderOwnsItsCluster() throws IOException {
        begin(directory, IDENTITY);
        Files.move(folder.resolve("project"), folder.resolve("moved"));

        assertThat(Past.read(EnvironmentDirectory.of(folder.resolve("moved"), "e2e")))
                .isPresent();
    }
}
