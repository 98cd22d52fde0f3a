package dev.envctl.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.envctl.AtOnce;
import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.Progress;
import dev.envctl.process.SystemPrograms;
import dev.envctl.readiness.Deadline;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(30)
class ImageArchivesTest {
    private static final Platform AMD64 = new Platform("linux", "amd64");

    private final SampleImage sample = new SampleImage("amd64");
    private final ScriptedRegistry server = new ScriptedRegistry().serving("team/app", sample);
    private final PinnedImage image = sample.pinned("app", server.repository("team/app"));

    @TempDir
    private Path directory;

    private ImageArchives archives;

    @BeforeEach
    void open() {
        archives = archives(directory);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void anImageIsKeptUnderTheDigestOfThisPlatformsManifest() {
        var archive = pull(image);

        assertThat(archive.reference()).isEqualTo(server.repository("team/app") + "@" + sample.manifestDigest());
        assertThat(archive.configDigest()).isEqualTo(Digest.of(sample.config));
        assertThat(archive.path())
                .isEqualTo(directory.resolve("sha256-" + sample.manifestDigest().hex() + ".tar"));
        assertThat(archive.standIn()).isFalse();
    }

    @Test
    void theSecondPullAsksNobody() {
        var first = pull(image);
        var requests = server.requests().size();

        assertThat(archives(directory).pull(image, Progress.SILENT, soon()).archive())
                .isEqualTo(first);
        assertThat(server.requests()).hasSize(requests);
    }

    @Test
    void theSameImageAlwaysMakesTheSameBytes(@TempDir Path other) throws IOException {
        var one = pull(image);
        var two = archives(other).pull(image, Progress.SILENT, soon()).archive();

        assertThat(Files.mismatch(one.path(), two.path())).isEqualTo(-1);
    }

    @Test
    void threadsThatWantTheSameImageFetchItOnce() {
        AtOnce.each("Fetching images", 4, List.of(1, 2, 3, 4), ignored -> pull(image));

        assertThat(server.requestsFor("/v2/team/app/" + sample.layerPath())).isEqualTo(1);
    }

    @Test
    void nothingHalfDoneStaysWhenTheRegistryLacksALayer() throws IOException {
        server.first("/v2/team/app/" + sample.layerPath(), ScriptedRegistry.status(404));

        imageFailure(() -> pull(image));

        try (var files = Files.walk(directory)) {
            assertThat(files.filter(Files::isRegularFile)
                            .map(file -> file.getFileName().toString()))
                    .containsExactly(image.digest().hex());
        }
    }

    @Test
    void anImageWithoutThisPlatformSaysWhichItHas() {
        var arm = new SampleImage("arm64");
        server.serving("team/arm", arm);

        var failure = imageFailure(() -> pull(arm.pinned("app", server.repository("team/arm"))));

        assertThat(failure.problem()).contains("linux/amd64", "only for linux/arm64");
    }

    @Test
    void aManifestWhoseConfigurationIsForAnotherPlatformIsRefusedBeforeAnyLayer() {
        var arm = new SampleImage("arm64");
        server.serving("team/arm", arm);
        var single = new PinnedImage("app", server.repository("team/arm"), "1", arm.manifestDigest(), Map.of(), null);

        var failure = imageFailure(() -> pull(single));

        assertThat(failure.problem()).contains("linux/arm64", "this machine is linux/amd64");
        assertThat(server.requestsFor("/v2/team/arm/" + arm.layerPath())).isZero();
    }

    @Test
    void aLockFileThatNamesAnotherManifestForThisPlatformIsRefused() {
        var other = new PlatformImage(Digest.of(sample.layer), 1);
        var contradictory = new PinnedImage("app", image.repository(), "1", image.digest(), Map.of(AMD64, other), null);

        assertThat(imageFailure(() -> pull(contradictory)).problem()).contains("contradicts itself");
    }

    @Test
    void aDamagedArchiveIsFetchedAgain() throws IOException {
        var archive = pull(image);
        damage(archive.path());

        assertThat(archives.find(image)).isEmpty();
        var again = pull(image);

        assertThat(again).isEqualTo(archive);
        assertThat(archives.verify(image)).hasValue(again);
    }

    @Test
    void aDamageThatKeepsSizeAndTimeIsFoundByVerifying() throws IOException {
        var archive = pull(image);
        var modified = Files.getLastModifiedTime(archive.path());
        damage(archive.path());
        Files.setLastModifiedTime(archive.path(), modified);

        assertThat(archives.find(image)).isPresent();
        assertThat(imageFailure(() -> archives.verify(image)).problem())
                .contains(archive.path().toString(), "has the content");
    }

    @Test
    void anArchiveThatWasOnlyTouchedIsHashedAndTrustedAgain() throws IOException {
        var archive = pull(image);
        Files.setLastModifiedTime(archive.path(), java.nio.file.attribute.FileTime.fromMillis(0));

        assertThat(archives.find(image)).hasValue(archive);
    }

    @Test
    void aForgedIndexLeadsNowhere() throws IOException {
        pull(image);
        Files.write(
                directory.resolve("sha256-" + image.digest().hex() + ".index"), new SampleImage("amd64", "x").index);

        assertThat(archives.find(image)).isEmpty();
        assertThat(imageFailure(() -> archives.verify(image)).problem()).contains("is not the index");
    }

    @Test
    void anArchiveWithAnotherManifestIsRefused() throws IOException {
        var archive = pull(image);
        var other = new SampleImage("amd64", "another layer");
        server.serving("team/other", other);
        var wrong = pull(other.pinned("other", server.repository("team/other")));
        Files.copy(wrong.path(), archive.path(), java.nio.file.StandardCopyOption.REPLACE_EXISTING);

        assertThat(imageFailure(() -> archives.verify(image)).problem())
                .contains("instead of " + sample.manifestDigest());
    }

    private ImageArchive pull(PinnedImage wanted) {
        return archives.pull(wanted, Progress.SILENT, soon()).archive();
    }

    private ImageArchives archives(Path where) {
        var files = new CredentialFiles(Map.of(), where.resolve("no-home"), new SystemPrograms());
        var registry = new Registry(Map.of(), files, Duration.ofSeconds(5), Duration.ofMillis(5));
        return new ImageArchives(where, registry, new PlatformChoice(AMD64), new VerifiedArchives(where));
    }

    /** Changes one byte of the layer. */
    private void damage(Path archive) throws IOException {
        var text = new String(Files.readAllBytes(archive), java.nio.charset.StandardCharsets.ISO_8859_1);
        try (var file = new RandomAccessFile(archive.toFile(), "rw")) {
            file.seek(text.indexOf("the only layer"));
            file.write('T');
        }
    }

    private static EnvctlException imageFailure(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        var failure = catchThrowableOfType(EnvctlException.class, call);
        assertThat(failure.kind()).isEqualTo(FailureKind.IMAGE);
        return failure;
    }

    private static Deadline soon() {
        return Deadline.in(Duration.ofSeconds(10));
    }
}
