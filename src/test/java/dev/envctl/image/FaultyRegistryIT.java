package dev.envctl.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.envctl.CacheDirectory;
import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A real registry whose answers are spoilt on the way. Each fault is named with its exit code, leaves nothing half-done in
 * the cache, and is no obstacle once it has gone.
 */
@Timeout(60)
class FaultyRegistryIT {
    private static final int SIZE = 12_000_000;
    private static final int FOREVER = 1_000_000;
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Programs programs = new SystemPrograms();
    private final SampleImage sample = new SampleImage(Platform.ofThisMachine().architecture(), "x".repeat(SIZE));
    private final RecordingProgress progress = new RecordingProgress();

    @TempDir
    private Path directory;

    private Path cache;
    private LocalRegistry registry;
    private FaultProxy proxy;
    private PinnedImage image;

    @BeforeEach
    void start() throws IOException {
        cache = directory.resolve("cache");
        registry = new LocalRegistry(directory, programs);
        push(sample, "team/app:1");
        proxy = new FaultProxy(registry.host());
        image = pinned(proxy.host());
    }

    private PinnedImage pinned(String host) {
        return new PinnedImage("app", host + "/team/app", "1", sample.manifestDigest(), Map.of(), null);
    }

    @AfterEach
    void stop() {
        proxy.close();
        registry.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {401, 403, 404})
    void aRefusalIsFinalAtOnce(int status) {
        proxy.spoil("/blobs/" + Digest.of(sample.layer), FOREVER, FaultProxy.status(status));

        var failure = fails(FailureKind.IMAGE, "HTTP " + status, proxy.host(), "team/app@" + Digest.of(sample.layer));

        assertThat(failure.remedy()).contains(status == 404 ? "envctl images lock" : "podman login " + proxy.host());
        assertThat(layerRequests()).hasSize(1);
        succeedsWithoutTheFault();
    }

    @Test
    void tooManyRequestsAreWaitedForAsLongAsTheRegistryAsks() {
        proxy.spoil("/blobs/", 1, FaultProxy.status(429, "Retry-After: 2"));
        var begun = System.nanoTime();

        var warmed = warm();

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(Duration.ofSeconds(2));
        assertThat(warmed.bytes()).isEqualTo(SIZE);
    }

    @Test
    void aRegistryThatAsksToWaitBeyondTheDeadlineIsGivenUpAtOnce() {
        proxy.spoil("/blobs/", FOREVER, FaultProxy.status(429, "Retry-After: 3600"));

        fails(FailureKind.TIMEOUT, "HTTP 429 (too many requests)", "asks to wait 3600 s");

        succeedsWithoutTheFault();
    }

    @Test
    void anErrorOfTheServerThatPassesCostsOnlyTime() {
        proxy.spoil("/manifests/", 2, FaultProxy.status(500));
        proxy.spoil("/blobs/", 2, FaultProxy.status(503));

        assertThat(warm().bytes()).isEqualTo(SIZE);
    }

    @Test
    void anErrorOfTheServerThatLastsEndsAtTheDeadline() {
        proxy.spoil("/blobs/", FOREVER, FaultProxy.status(500));

        fails(Duration.ofSeconds(2), FailureKind.TIMEOUT, "within 2 s", "HTTP 500");

        succeedsWithoutTheFault();
    }

    @Test
    void aConnectionThatIsResetGoesOnWhereItBroke() {
        proxy.spoil("bytes=0-", 1, FaultProxy.resetAfter(1_000_000));
        proxy.spoil("bytes=4194304-", 1, FaultProxy.resetAfter(2_000_000));

        var warmed = warm();

        assertThat(warmed.bytes()).as("moved").isLessThan(SIZE + 2_000_000);
        assertThat(layerRequests())
                .as("what was asked for again")
                .anyMatch(line -> rangeStart(line) > 0 && rangeStart(line) < 4_194_304)
                .anyMatch(line -> rangeStart(line) > 4_194_304);
    }

    @Test
    void aServerThatDripsIsLeftAndTheRestFetchedFromThere() {
        proxy.spoil("/blobs/" + Digest.of(sample.layer), 1, FaultProxy.dripAfter(3_000_000));

        var warmed = warm();

        assertThat(warmed.bytes()).isLessThan(SIZE + 1_000_000);
        assertThat(progress.events)
                .anySatisfy(event -> assertThat(event).asString().contains("sent only"));
    }

    @Test
    void aServerThatOnlyDripsIsGivenUpAtTheDeadline() {
        proxy.spoil("/blobs/" + Digest.of(sample.layer), FOREVER, FaultProxy.dripAfter(2_000));

        fails(Duration.ofSeconds(5), FailureKind.TIMEOUT, "within 5 s", proxy.host(), "sent");

        succeedsWithoutTheFault();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/manifests/", "/blobs/"})
    void otherContentIsNeverTaken(String path) {
        proxy.spoil(path, FOREVER, FaultProxy.altered());

        var failure =
                fails(FailureKind.IMAGE, proxy.host() + " served other content", "expected sha256:", "got sha256:");

        assertThat(failure.remedy()).contains("Nothing of it was kept");
        succeedsWithoutTheFault();
    }

    @Test
    void anImageOfAnotherPlatformIsRefusedBeforeItsLayers() throws IOException {
        var foreign = new SampleImage("riscv64", "foreign");
        push(foreign, "team/foreign:1");
        image = new PinnedImage("app", proxy.host() + "/team/foreign", "1", foreign.manifestDigest(), Map.of(), null);

        fails(FailureKind.IMAGE, "is for linux/riscv64", "this machine is " + Platform.ofThisMachine());

        assertThat(proxy.requests()).noneMatch(line -> line.contains("/blobs/" + Digest.of(foreign.layer)));
    }

    @Test
    void aCertificateThatNobodyTrustsIsNamed() throws IOException {
        try (var server = new UntrustedServer(directory, programs)) {
            image = pinned(server.host());

            var failure = fails(FailureKind.PREREQUISITE, "The certificate of " + server.host(), "is not trusted");

            assertThat(failure.problem()).contains("trust store");
        }
    }

    @Test
    void aRegistryThatIsNotThereIsSaidWithinSeconds() {
        proxy.close();
        var begun = System.nanoTime();

        fails(FailureKind.PREREQUISITE, "No registry answers for app", proxy.host());

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(6));
    }

    /** Of the block that no network may route, RFC 6666. */
    @Test
    void aRegistryWithoutARouteIsSaidWithinSeconds() {
        image = pinned("[100::1]:5000");
        var begun = System.nanoTime();

        fails(FailureKind.PREREQUISITE, "No registry answers for app", "[100::1]:5000");

        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(6));
    }

    @Test
    void aFullDiskIsNamedWithWhatIsFree() throws IOException {
        Files.createDirectories(cache);
        run("mount", "-t", "tmpfs", "-o", "size=8m", "envctl-test", cache.toString());
        try {
            var failure = fails(FailureKind.FAILED, "no space is left on that disk", "are free");

            assertThat(failure.remedy()).contains("ENVCTL_CACHE");
            run("mount", "-o", "remount,size=64m", cache.toString());
            succeedsWithoutTheFault();
        } finally {
            run("umount", cache.toString());
        }
    }

    @Test
    void whatAKilledProcessLeftIsGoneOnWith() throws IOException {
        proxy.spoil("bytes=4194304-", FOREVER, FaultProxy.dripAfter(5_000_000));
        var lock = Files.write(directory.resolve("images.lock"), ImageLock.text(List.of(image)));
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var line = List.of(
                java,
                "-cp",
                System.getProperty("java.class.path"),
                PullOnce.class.getName(),
                lock.toString(),
                cache + "");
        var process = programs.start(Command.of(line), directory.resolve("pull.log"));
        try {
            org.awaitility.Awaitility.await("most of it").until(() -> partial() > 8_000_000);
        } finally {
            process.end();
        }
        proxy.heal();

        var warmed = warm();

        assertThat(warmed.bytes()).isLessThan(SIZE - 8_000_000);
        assertThat(leftInTheCache()).isEmpty();
    }

    @Test
    void aMirrorIsAskedInsteadOfTheRegistry() {
        try (var mirror = new FaultProxy(registry.host())) {
            var warmed = warm(Map.of(Mirrors.VARIABLE, mirror.host()));

            assertThat(warmed.sources()).containsExactly(mirror.host());
            assertThat(proxy.requests()).isEmpty();
        }
    }

    @Test
    void whatAMirrorLacksOrLosesComesFromTheRegistry() {
        try (var mirror = new FaultProxy(registry.host())) {
            mirror.spoil("/manifests/", FOREVER, FaultProxy.status(404));
            mirror.spoil("/blobs/", FOREVER, FaultProxy.resetAfter(600_000));

            var warmed = warm(Map.of(Mirrors.VARIABLE, proxy.host() + "=" + mirror.host()));

            assertThat(warmed.sources()).containsExactlyInAnyOrder(mirror.host(), proxy.host());
        }
    }

    @Test
    void aMirrorThatIsNotThereCostsNothingButASecond() {
        var warmed = warm(Map.of(Mirrors.VARIABLE, "127.0.0.1:1"));

        assertThat(warmed.sources()).containsExactly(proxy.host());
    }

    @Test
    void aMirrorThatServesOtherContentIsNamedAndNotWorkedAround() {
        try (var mirror = new FaultProxy(registry.host())) {
            mirror.spoil("/manifests/", FOREVER, FaultProxy.altered());

            var failure =
                    catchThrowableOfType(EnvctlException.class, () -> warm(Map.of(Mirrors.VARIABLE, mirror.host())));

            assertThat(failure.kind()).isEqualTo(FailureKind.IMAGE);
            assertThat(failure.problem()).contains(mirror.host() + " served other content");
        }
    }

    private EnvctlException fails(FailureKind kind, String... problem) {
        return fails(Duration.ofSeconds(30), kind, problem);
    }

    private EnvctlException fails(Duration limit, FailureKind kind, String... problem) {
        var failure = catchThrowableOfType(
                EnvctlException.class,
                () -> images(Map.of()).source().warm(List.of(image), progress, Deadline.in(limit)));
        assertThat(failure).as("failure").isNotNull();
        assertThat(failure.kind()).as(failure.problem()).isEqualTo(kind);
        assertThat(failure.problem()).contains(problem);
        assertThat(leftInTheCache()).as("half-stored").isEmpty();
        return failure;
    }

    private void succeedsWithoutTheFault() {
        proxy.heal();
        assertThat(warm().archive().digest()).isEqualTo(sample.manifestDigest());
        assertThat(images(Map.of()).verification().verify(ImageLock.parse(Path.of("images.lock"), lockText())))
                .singleElement()
                .satisfies(verified -> {
                    assertThat(verified.image()).isEqualTo(image);
                    assertThat(verified.archive()).isPresent();
                });
    }

    private String lockText() {
        return new String(ImageLock.text(List.of(image)), java.nio.charset.StandardCharsets.UTF_8);
    }

    private WarmedImage warm() {
        return warm(Map.of());
    }

    private WarmedImage warm(Map<String, String> environment) {
        var limit = Deadline.in(Duration.ofSeconds(30));
        return images(environment)
                .source()
                .warm(List.of(image), progress, limit)
                .get(0);
    }

    private Images images(Map<String, String> environment) {
        var files = new CredentialFiles(Map.of(), directory.resolve("home"), programs);
        return new Images(
                new CacheDirectory(cache),
                directory.resolve("no-recipes"),
                programs,
                new Registry(environment, files, PATIENCE, Duration.ofMillis(50)),
                new Offline(environment),
                Platform.ofThisMachine());
    }

    /** Everything but the locks, which stay for ever, and a whole image with what belongs to it. */
    private List<String> leftInTheCache() {
        var whole = sample.manifestDigest().hex();
        return files().filter(file ->
                        !file.contains("/.locks/") && !file.contains(whole + ".tar") && !file.contains(whole + ".json"))
                .toList();
    }

    private Stream<String> files() {
        if (!Files.exists(cache)) {
            return Stream.of();
        }
        try (var files = Files.walk(cache)) {
            return files.filter(Files::isRegularFile).map(Path::toString).toList().stream();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private long partial() {
        return files().filter(file -> file.contains("/.partial/"))
                .mapToLong(file -> PartialBlob.size(Path.of(file)))
                .sum();
    }

    private List<String> layerRequests() {
        return proxy.requests().stream()
                .filter(line -> line.contains(Digest.of(sample.layer).value()))
                .toList();
    }

    private static long rangeStart(String request) {
        return request.contains("bytes=") ? Long.parseLong(request.replaceFirst(".*bytes=([0-9]+)-.*", "$1")) : 0;
    }

    private void run(String... command) {
        programs.run(Command.of(List.of(command))).orThrow("This test needs to be root.");
    }

    private void push(SampleImage pushed, String name) throws IOException {
        registry.push(SampleArchive.write(pushed, directory), name);
    }
}
