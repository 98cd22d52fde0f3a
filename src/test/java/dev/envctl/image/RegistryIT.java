package dev.envctl.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.envctl.AtOnce;
import dev.envctl.CacheDirectory;
import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.Progress;
import dev.envctl.process.Command;
import dev.envctl.process.Programs;
import dev.envctl.process.SystemPrograms;
import dev.envctl.readiness.Deadline;
import java.io.IOException;
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

/** Locks, pulls and verifies against a real registry process. */
@Timeout(60)
class RegistryIT {
    private final Programs programs = new SystemPrograms();
    private final SampleImage sample = new SampleImage(Platform.ofThisMachine().architecture(), "x".repeat(3_000_000));

    @TempDir
    private Path directory;

    private LocalRegistry registry;
    private Images images;
    private Path lockFile;

    @BeforeEach
    void lockAnImage() throws IOException {
        registry = new LocalRegistry(directory, programs);
        registry.push(archive(sample), "team/app:1");
        images = new Images(
                new CacheDirectory(directory.resolve("cache")),
                directory.resolve("no-recipes"),
                programs,
                Map.of(),
                directory.resolve("home"));
        lockFile = directory.resolve("images.lock");
        images.locking()
                .lock(lockFile, Map.of("app", registry.host() + "/team/app:1"), List.of(), Progress.SILENT, soon());
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    @Test
    void whatWasLockedIsPulledVerifiedAndKept() {
        var archive = pull();

        assertThat(archive.digest()).isEqualTo(sample.manifestDigest());
        assertThat(images.verification().verify(lock()))
                .containsExactly(new VerifiedImage(lock().image("app"), Origin.ARCHIVE, archive, null));
        images.locking().check(lockFile, Progress.SILENT, soon());
    }

    @Test
    void otherToolsReadTheArchiveAndSeeTheSameDigest() {
        var archive = pull();

        var digest = programs.run(
                        Command.of("skopeo", "inspect", "--format", "{{.Digest}}", "oci-archive:" + archive.path()))
                .orThrow("");

        assertThat(digest.strip()).isEqualTo(archive.digest().value());
    }

    @Test
    void anArchiveThatWasTamperedWithIsFound() throws IOException {
        var archive = pull();
        var bytes = Files.readAllBytes(archive.path());
        bytes[bytes.length / 2]++;
        Files.write(archive.path(), bytes);

        var rows = images.verification().verify(lock());

        var failure = catchThrowableOfType(EnvctlException.class, () -> VerifyImages.requireNoDifference(rows));
        assertThat(failure.kind()).isEqualTo(FailureKind.IMAGE);
        assertThat(failure.details()).singleElement().asString().contains("has the content");
    }

    @Test
    void aLayerThatWasTamperedWithInTheRegistryIsNeverTaken() throws IOException {
        var layer = registry.blob(Digest.of(sample.layer));
        Files.writeString(layer, "y" + Files.readString(layer).substring(1));

        var failure = catchThrowableOfType(EnvctlException.class, this::pull);

        assertThat(failure.kind()).isEqualTo(FailureKind.IMAGE);
        assertThat(failure.problem()).contains("served other content");
    }

    @Test
    void aRegistryThatWentAwayIsNoReasonToWait() {
        registry.close();
        var started = System.nanoTime();

        var failure = catchThrowableOfType(EnvctlException.class, this::pull);

        assertThat(failure.kind()).isEqualTo(FailureKind.PREREQUISITE);
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(6));
    }

    @Test
    void aMovedTagFailsTheCheck() throws IOException {
        registry.push(archive(new SampleImage(Platform.ofThisMachine().architecture(), "newer")), "team/app:1");

        var failure = catchThrowableOfType(
                EnvctlException.class, () -> images.locking().check(lockFile, Progress.SILENT, soon()));

        assertThat(failure.kind()).isEqualTo(FailureKind.IMAGE);
    }

    @Test
    void ofSeveralProcessesThatWantAnImageOneFetchesItForAll() {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var command = Command.of(List.of(
                        java,
                        "-cp",
                        System.getProperty("java.class.path"),
                        PullOnce.class.getName(),
                        lockFile.toString(),
                        directory.resolve("cache").toString()))
                .timeout(Duration.ofSeconds(40));

        var results = AtOnce.each("Fetching images", 4, List.of(1, 2, 3), ignored -> programs.run(command));

        assertThat(results)
                .extracting(finished -> finished.orThrow(""))
                .allSatisfy(output -> assertThat(output.strip()).endsWith("@" + sample.manifestDigest()));
        assertThat(registry.fetches(Digest.of(sample.layer))).isEqualTo(1);
        assertThat(images.verification().verify(lock()))
                .allSatisfy(row -> assertThat(row.problem()).isEmpty());
    }

    private ImageArchive pull() {
        return images.source().obtain(lock().images(), Progress.SILENT, soon()).get(0);
    }

    private ImageLock lock() {
        return ImageLock.read(lockFile);
    }

    private Path archive(SampleImage image) throws IOException {
        return SampleArchive.write(image, directory);
    }

    private static Deadline soon() {
        return Deadline.in(Duration.ofSeconds(20));
    }
}
