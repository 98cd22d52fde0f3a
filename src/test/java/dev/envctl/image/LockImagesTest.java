package dev.envctl.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.Progress;
import dev.envctl.process.SystemPrograms;
import dev.envctl.readiness.Deadline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class LockImagesTest {
    private static final Platform AMD64 = new Platform("linux", "amd64");

    private final SampleImage sample = new SampleImage("amd64");
    private final ScriptedRegistry server = new ScriptedRegistry().serving("team/app", sample);
    private final Map<String, String> app = Map.of("app", server.repository("team/app") + ":1");

    @TempDir
    private Path directory;

    private Path file;
    private LockImages locking;

    @BeforeEach
    void open() {
        file = directory.resolve("images.lock");
        var files = new CredentialFiles(Map.of(), directory, new SystemPrograms());
        locking = new LockImages(
                new TagResolver(new Registry(Map.of(), files, Duration.ofSeconds(5), Duration.ofMillis(5))));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aRequestedImageIsLockedWithItsPlatformsAndDownloadSizes() {
        var changes = lock(app);

        var image = ImageLock.read(file).image("app");
        assertThat(image.digest()).isEqualTo(Digest.of(sample.index));
        assertThat(image.platforms())
                .containsExactly(Map.entry(
                        AMD64, new PlatformImage(sample.manifestDigest(), sample.config.length + sample.layer.length)));
        assertThat(changes)
                .extracting(LockChange::describe)
                .singleElement()
                .asString()
                .startsWith("app: added");
    }

    @Test
    void lockingAgainChangesNothing() throws IOException {
        lock(app);
        var before = Files.getLastModifiedTime(file);

        assertThat(lock(Map.of())).isEmpty();
        assertThat(Files.getLastModifiedTime(file)).isEqualTo(before);
    }

    @Test
    void aMovedTagIsReportedWithBothDigests() {
        lock(app);
        var newer = new SampleImage("amd64", "newer");
        server.serving("team/app", newer);

        var changes = lock(Map.of());

        assertThat(changes)
                .extracting(LockChange::describe)
                .singleElement()
                .asString()
                .contains(
                        Digest.of(sample.index) + " -> ", Digest.of(newer.index).value());
    }

    @Test
    void addingOneImageLeavesTheOthersAsTheyAre() {
        lock(app);
        server.serving("team/app", new SampleImage("amd64", "newer")).serving("team/other", sample);

        var changes = lock(Map.of("other", server.repository("team/other") + ":1"));

        assertThat(changes).hasSize(1);
        assertThat(ImageLock.read(file).images()).extracting(PinnedImage::name).containsExactly("app", "other");
        assertThat(ImageLock.read(file).image("app").digest()).isEqualTo(Digest.of(sample.index));
    }

    @Test
    void oneImageAloneIsResolvedAgain() {
        lock(app);
        server.serving("team/other", sample);
        lock(Map.of("other", server.repository("team/other") + ":1"));
        var newer = new SampleImage("amd64", "newer");
        server.serving("team/app", newer).serving("team/other", newer);

        locking.lock(file, Map.of(), java.util.List.of("other"), Progress.SILENT, soon());

        assertThat(ImageLock.read(file).image("app").digest()).isEqualTo(Digest.of(sample.index));
        assertThat(ImageLock.read(file).image("other").digest()).isEqualTo(Digest.of(newer.index));
    }

    @Test
    void anImageThatIsNotLockedCannotBeResolvedAgain() {
        lock(app);

        var failure = catchThrowableOfType(
                EnvctlException.class,
                () -> locking.lock(file, Map.of(), java.util.List.of("ap"), Progress.SILENT, soon()));

        assertThat(failure.kind()).isEqualTo(FailureKind.IMAGE);
        assertThat(failure.remedy()).contains("Did you mean `app`?");
    }

    @Test
    void theHashForgetsCommentsAndOrderAndNothingElse() throws IOException {
        lock(app);
        server.serving("team/other", sample);
        lock(Map.of("other", server.repository("team/other") + ":1"));
        var text = Files.readString(file);
        var hash = ImageLock.read(file).hash();
        var second = text.indexOf("  - name: other");
        var first = text.indexOf("  - name: app");

        var mixed = "# hello\nimages:\n" + text.substring(second) + text.substring(first, second);
        assertThat(ImageLock.parse(file, mixed).hash()).isEqualTo(hash).matches("[0-9a-f]{64}");
        assertThat(ImageLock.parse(file, text.replace("\"1\"", "\"2\"")).hash()).isNotEqualTo(hash);
    }

    @Test
    void theRecipeOfAnImageOutlivesItsNewTag() throws IOException {
        lock(app);
        Files.writeString(file, Files.readString(file) + "    build: postgres\n");
        server.serving("team/other", sample);

        lock(Map.of("app", server.repository("team/other") + ":1"));

        assertThat(ImageLock.read(file).image("app").recipe()).hasValue("postgres");
    }

    @Test
    void aTagThatIsGoneLeavesTheFileAsItIs() throws IOException {
        lock(app);
        var before = Files.readString(file);

        var failure = catchThrowableOfType(
                EnvctlException.class, () -> lock(Map.of("other", server.repository("team/app") + ":2")));

        assertThat(failure.kind()).isEqualTo(FailureKind.IMAGE);
        assertThat(file).hasContent(before);
    }

    @Test
    void aRegistryThatDoesNotAnswerLeavesTheFileAsItIs() throws IOException {
        lock(app);
        var before = Files.readString(file);
        server.close();

        var failure = catchThrowableOfType(EnvctlException.class, () -> lock(Map.of()));

        assertThat(failure.kind()).isEqualTo(FailureKind.PREREQUISITE);
        assertThat(file).hasContent(before);
    }

    @Test
    void checkingPassesWhileNothingMoved() {
        lock(app);

        locking.check(file, Progress.SILENT, soon());
    }

    @Test
    void checkingFailsWhenATagMovedAndWritesNothing() throws IOException {
        lock(app);
        var before = Files.readString(file);
        server.serving("team/app", new SampleImage("amd64", "newer"));

        var failure = catchThrowableOfType(EnvctlException.class, () -> locking.check(file, Progress.SILENT, soon()));

        assertThat(failure.kind()).isEqualTo(FailureKind.IMAGE);
        assertThat(failure.details()).singleElement().asString().startsWith("app: ");
        assertThat(file).hasContent(before);
    }

    @Test
    void aRequestWithoutATagIsRefused() {
        var failure =
                catchThrowableOfType(EnvctlException.class, () -> lock(Map.of("app", server.repository("team/app"))));

        assertThat(failure.kind()).isEqualTo(FailureKind.USAGE);
        assertThat(failure.problem()).contains("not REPOSITORY:TAG");
    }

    private java.util.List<LockChange> lock(Map<String, String> requested) {
        return locking.lock(file, requested, java.util.List.of(), Progress.SILENT, soon());
    }

    private static Deadline soon() {
        return Deadline.in(Duration.ofSeconds(10));
    }
}
