package dev.envctl.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.envctl.EnvctlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class EnvironmentDirectoryTest {
    @TempDir
    private Path folder = Path.of("");

    private EnvironmentDirectory directory = new EnvironmentDirectory(Path.of(""));

    @BeforeEach
    void create() {
        directory = EnvironmentDirectory.of(folder, "e2e");
        directory.create();
    }

    private static String mode(Path file) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
    }

    private List<String> names() throws IOException {
        try (var files = Files.list(directory.path())) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void belongsToItsOwnerAlone() throws IOException {
        EnvironmentDirectory.write(directory.primary(), "secret");

        assertThat(mode(directory.path())).isEqualTo("rwx------");
        assertThat(mode(directory.logs())).isEqualTo("rwx------");
        assertThat(mode(directory.primary())).isEqualTo("rw-------");
    }

    @Test
    void aFileThatIsThereAlreadyIsReplacedAlsoInItsMode() throws IOException {
        Files.writeString(directory.primary(), "old and longer than the new one");
        Files.setPosixFilePermissions(directory.primary(), PosixFilePermissions.fromString("rw-rw-rw-"));

        EnvironmentDirectory.write(directory.primary(), "new");

        assertThat(directory.primary()).hasContent("new");
        assertThat(mode(directory.primary())).isEqualTo("rw-------");
    }

    @Test
    void aFileThatCannotBeWrittenStaysAsItWas() throws IOException {
        var target = directory.path().resolve("kubeconfig");
        Files.createDirectories(target.resolve("not empty"));

        assertThatThrownBy(() -> EnvironmentDirectory.write(target, "text"))
                .isInstanceOf(EnvctlException.class)
                .hasMessageContaining("cannot be written");

        assertThat(names()).containsExactly("kubeconfig", "logs");
        assertThat(target).isDirectory();
    }

    /** A reader in between sees one text or the other, whole. */
    @Test
    void manyWritersAtOnceLeaveOneWholeText() throws IOException {
        var texts = IntStream.range(0, 8)
                .mapToObj(n -> Integer.toString(n).repeat(20_000))
                .toList();
        EnvironmentDirectory.write(directory.handOff(), texts.get(0));
        var writers = texts.stream()
                .map(text -> CompletableFuture.runAsync(() -> EnvironmentDirectory.write(directory.handOff(), text)))
                .toList();
        while (!writers.stream().allMatch(CompletableFuture::isDone)) {
            assertThat(texts)
                    .contains(EnvironmentDirectory.read(directory.handOff()).orElseThrow());
        }
        writers.forEach(CompletableFuture::join);

        assertThat(texts).contains(Files.readString(directory.handOff()));
        assertThat(names()).containsExactly("environment.json", "logs");
    }

    @Test
    void clearLeavesTheLockTheLogsTheTimelineAndWhatSuitesWrote() throws IOException {
        fill();
        Files.createDirectories(directory.suites());

        directory.clear();

        assertThat(names()).containsExactly("lock", "logs", "suites", "timeline.json");
        assertThat(directory.primaryLog()).exists();
    }

    @Test
    void forgetAlsoLeavesWhatBelongsToThePrimary() throws IOException {
        fill();

        directory.forget();

        assertThat(names()).containsExactly("lock", "logs", "primary.json", "scratch", "timeline.json");
    }

    /** What an environment has, and what killed programs leave. */
    private void fill() throws IOException {
        for (var file : List.of(
                directory.lock(),
                directory.journal(),
                directory.primary(),
                directory.handOff(),
                directory.kubeconfig(),
                directory.timeline(),
                directory.primaryLog(),
                directory.path().resolve("kubeconfig.lock"),
                directory.path().resolve(".environment.json.123.tmp"))) {
            Files.writeString(file, "text");
        }
        Files.createDirectories(directory.workers().resolve("1"));
        Files.createDirectories(directory.scratch().resolve("patches"));
    }

    @Test
    void clearIsFineWhereThereIsNothing() {
        EnvironmentDirectory.of(folder, "other").clear();

        assertThat(folder.resolve(".envctl/other")).doesNotExist();
    }

    @Test
    void linksAreRemovedNotFollowed() throws IOException {
        var precious = Files.writeString(folder.resolve("precious"), "data");
        Files.createDirectories(directory.scratch());
        Files.createSymbolicLink(directory.scratch().resolve("link"), precious);
        Files.createSymbolicLink(directory.scratch().resolve("folder"), folder);

        directory.clear();

        assertThat(precious).exists();
        assertThat(directory.scratch()).doesNotExist();
    }
}
