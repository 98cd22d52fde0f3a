package dev.envctl.primary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.envctl.environment.EnvironmentDirectory;
import dev.envctl.environment.SampleHandOff;
import dev.envctl.spec.Inputs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PrimaryRecordTest {
    @TempDir
    private Path folder = Path.of("");

    private Path file = Path.of("");

    @BeforeEach
    void name() {
        file = folder.resolve("primary.json");
    }

    @Test
    void readsWhatWasWritten() {
        var record = new PrimaryRecord(
                4711,
                "http://127.0.0.1:41233",
                "token",
                "2026-01-01T00:00:00Z",
                "boot",
                Map.of("name", "e2e"),
                new Inputs(Map.of("/p/environments/e2e.yaml", "ab"), "cd"),
                "");

        record.write(file);

        assertThat(PrimaryRecord.read(file)).contains(record);
    }

    @Test
    void knowsWhatItHandedOutFromWhatOneBeforeItDid() {
        var directory = EnvironmentDirectory.of(folder, "e2e");
        directory.create();
        var handOff = SampleHandOff.of("1.json");
        EnvironmentDirectory.write(directory.handOff(), handOff.json());

        assertThat(record(4711, "http://127.0.0.1:41233").handOff(directory)).contains(handOff);
        assertThat(record(4712, "http://127.0.0.1:41233").handOff(directory)).isEmpty();
        assertThat(record(4711, "http://127.0.0.1:41234").handOff(directory)).isEmpty();
    }

    private static PrimaryRecord record(long pid, String api) {
        return new PrimaryRecord(pid, api, "token", "", "", Map.of(), Inputs.unknown(), "");
    }

    @Test
    void thatOfTheFolderThisOneWasCopiedFromIsNotOurs() throws IOException {
        var original = Files.createDirectory(folder.resolve("original"));
        Files.createFile(original.resolve("lock"));
        var record = new PrimaryRecord(
                1,
                "http://127.0.0.1:1",
                "token",
                "",
                "",
                Map.of(),
                Inputs.unknown(),
                PrimaryRecord.lockOf(original.resolve("lock")));
        record.write(original.resolve("primary.json"));
        var copy = Files.createDirectory(folder.resolve("copy"));
        Files.copy(original.resolve("lock"), copy.resolve("lock"));
        Files.copy(original.resolve("primary.json"), copy.resolve("primary.json"));

        assertThat(PrimaryRecord.read(copy.resolve("primary.json"))).isEmpty();
        var moved = Files.move(original, folder.resolve("moved"));
        assertThat(PrimaryRecord.read(moved.resolve("primary.json"))).contains(record);
    }

    @Test
    void thereIsNoneWithoutAFile() {
        assertThat(PrimaryRecord.read(file)).isEmpty();
    }

    @Test
    void readsWhatAnEarlierBuildWrote() throws IOException {
        Files.writeString(file, """
                {"pid": 1, "api": "http://127.0.0.1:1", "token": "t", "started": "s", "bootId": "b", "fingerprint": {}}
                """);

        assertThat(PrimaryRecord.read(file).orElseThrow().inputs()).isEqualTo(Inputs.unknown());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "\"text\"",
                "{\"pid\":47",
                "{\"pid\":\"many\"}",
                "{}",
                "{\"pid\":1}",
                "{\"pid\":1,\"fingerprint\":{}}",
                "{\"pid\":1,\"api\":\"a\",\"token\":\"t\",\"started\":\"s\",\"bootId\":\"b\",\"fingerprint\":{},\"inputs\":{}}",
                "\0\0\0\0"
            })
    void whatMakesNoSenseIsNone(String text) throws IOException {
        Files.writeString(file, text);

        assertThat(PrimaryRecord.read(file)).isEmpty();
    }
}
