package dev.envctl.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.envctl.environment.Journal.Entry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JournalTest {
    @TempDir
    private Path folder = Path.of("");

    private Path file = Path.of("");

    @BeforeEach
    void name() {
        file = folder.resolve("journal.jsonl");
    }

    private void write(String step) {
        try (var journal = Journal.append(file, 1)) {
            journal.write(step, "done", Map.of());
        }
    }

    private void tear(byte[] bytes) throws IOException {
        Files.write(file, bytes, StandardOpenOption.APPEND);
    }

    @Test
    void readsWhatWasWritten() {
        try (var journal = Journal.append(file, 3)) {
            journal.write("create network", "intent", Map.of("cluster", "envctl-e2e-0123abcd"));
        }

        assertThat(Journal.read(file)).singleElement().satisfies(entry -> {
            assertThat(entry.epoch()).isEqualTo(3);
            assertThat(entry.step()).isEqualTo("create network");
            assertThat(entry.event()).isEqualTo("intent");
            assertThat(entry.facts()).containsEntry("cluster", "envctl-e2e-0123abcd");
        });
    }

    @Test
    void namesTheIntentBeforeTheEffectAndTheOutcomeAfterIt() {
        try (var journal = Journal.append(file, 1)) {
            journal.around(
                    "create cluster",
                    Map.of(),
                    () -> assertThat(Journal.read(file))
                            .extracting(Entry::event)
                            .containsExactly("intent"));
        }

        assertThat(Journal.read(file)).extracting(Entry::event).containsExactly("intent", "done");
    }

    @Test
    void namesTheReasonOfAFailure() {
        try (var journal = Journal.append(file, 1)) {
            assertThatThrownBy(() -> journal.around("create cluster", Map.of(), () -> {
                        throw new IllegalStateException("no room");
                    }))
                    .hasMessage("no room");
        }

        assertThat(Journal.read(file).get(1).facts())
                .containsEntry("event", "failed")
                .containsEntry("reason", "no room");
    }

    @Test
    void addsToWhatIsThere() {
        write("one");
        write("two");

        assertThat(Journal.read(file)).extracting(Entry::step).containsExactly("one", "two");
    }

    @Test
    void aLineAfterATornOneStandsAlone() throws IOException {
        write("one");
        tear("{\"time\":\"2026-01-01T00:00:00Z\",\"ep".getBytes(StandardCharsets.UTF_8));

        write("two");

        assertThat(Journal.read(file)).extracting(Entry::step).containsExactly("one", "two");
    }

    @Test
    void aLineTornInTheMiddleOfACharacterIsNoHindrance() throws IOException {
        write("one");
        tear(new byte[] {'{', '"', (byte) 0xc3});

        assertThat(Journal.read(file)).extracting(Entry::step).containsExactly("one");
        write("two");
        assertThat(Journal.read(file)).extracting(Entry::step).containsExactly("one", "two");
    }

    @Test
    void linesThatAreNoneAreLeftOut() throws IOException {
        write("one");
        for (var line : new String[] {
            "", "null", "[1]", "\"text\"", "{\"epoch\":null}", "{\"epoch\":\"x\"}", "{\"a\":{}}", "\0\0\0"
        }) {
            tear((line + "\n").getBytes(StandardCharsets.UTF_8));
        }
        write("two");

        assertThat(Journal.read(file)).extracting(Entry::step).containsExactly("one", "two");
    }

    @Test
    void noJournalHasNoEntries() {
        assertThat(Journal.read(file)).isEmpty();
    }

    @Test
    void canBeReadByItsOwnerOnly() throws IOException {
        write("one");

        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }
}
