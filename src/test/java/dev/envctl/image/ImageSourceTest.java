package dev.envctl.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.envctl.CacheDirectory;
import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.Progress;
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

@Timeout(30)
class ImageSourceTest {
    /** Nothing listens on port 1 of this machine. */
    private static final String NOWHERE = "127.0.0.1:1/team/app";

    private final SampleImage sample = new SampleImage("amd64");
    private final ScriptedRegistry server = new ScriptedRegistry().serving("team/app", sample);
    private final PinnedImage reachable = sample.pinned("app", server.repository("team/app"), "app");
    private final PinnedImage unreachable = sample.pinned("app", NOWHERE, "app");
    private final RecordingProgress progress = new RecordingProgress();

    @TempDir
    private Path directory;

    private FakeRecipes recipes;
    private Path machineLock;
    private Images images;

    @BeforeEach
    void open() {
        var cache = directory.resolve("cache");
        recipes =
                new FakeRecipes(directory.resolve("recipes"), cache, new SampleImage("amd64", "stand-in"), "app", "db");
        machineLock = cache.resolve("images.lock");
        var files = new CredentialFiles(Map.of(), directory.resolve("home"), recipes.programs);
        var registry = new Registry(Map.of(), files, Duration.ofSeconds(5), Duration.ofMillis(5));
        images = new Images(
                new CacheDirectory(cache),
                recipes.script,
                recipes.programs,
                registry,
                new Offline(Map.of()),
                new Platform("linux", "amd64"));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void anImageIsPulledWhereItsRegistryAnswersEvenIfStandInsAreAllowed() {
        var archive = obtainOrBuild(reachable);

        assertThat(archive.standIn()).isFalse();
        assertThat(archive.digest()).isEqualTo(sample.manifestDigest());
        assertThat(recipes.programs.commands).isEmpty();
    }

    @Test
    void whatWasPulledIsUsedWithoutTheRegistry() {
        var archive = obtain(reachable);
        server.close();

        assertThat(obtain(reachable)).isEqualTo(archive);
    }

    @Test
    void withoutARegistryNothingIsBuiltUnasked() {
        var failure = catchThrowableOfType(EnvctlException.class, () -> obtain(unreachable));

        assertThat(failure.kind()).isEqualTo(FailureKind.PREREQUISITE);
        assertThat(failure.problem()).contains("No registry answers for app", "127.0.0.1:1");
        assertThat(failure.remedy()).contains("envctl up --setup", "stand-ins");
        assertThat(recipes.built).isEmpty();
    }

    @Test
    void withoutARegistryAStandInIsBuiltIfTheUserAgreed() {
        var archive = obtainOrBuild(unreachable);

        assertThat(archive.standIn()).isTrue();
        assertThat(archive.name()).isEqualTo("app");
        assertThat(archive.tagged()).isEqualTo("localhost/envctl/app:a1");
        assertThat(progress.events)
                .anySatisfy(event -> assertThat(event).asString().contains("Stand-ins", "app"));
    }

    @Test
    void anAgreedStandInIsUsedFromThenOn() {
        var built = obtainOrBuild(unreachable);

        assertThat(obtain(unreachable)).isEqualTo(built);
        assertThat(recipes.built).containsExactly("app");
    }

    @Test
    void whatSomebodyBuiltWithoutAgreeingToUseItDoesNotCount() throws IOException {
        obtainOrBuild(unreachable);
        Files.delete(machineLock);

        assertThat(catchThrowableOfType(EnvctlException.class, () -> obtain(unreachable))
                        .kind())
                .isEqualTo(FailureKind.PREREQUISITE);
    }

    @Test
    void aStandInWhoseRecipeChangedDoesNotCountAnyMore() {
        obtainOrBuild(unreachable);
        recipes.hash = "b2";

        var failure = catchThrowableOfType(EnvctlException.class, () -> obtain(unreachable));

        assertThat(failure.details()).singleElement().asString().contains("recipe of `app` changed", "envctl setup");
    }

    @Test
    void checkoutsWithDifferentRecipesKeepTheirOwnStandIns() {
        obtainOrBuild(unreachable);
        recipes.hash = "b2";
        obtainOrBuild(unreachable);
        recipes.hash = "a1";

        assertThat(obtain(unreachable).tag()).isEqualTo("a1");
        assertThat(recipes.built).containsExactly("app", "app");
    }

    @Test
    void aDamagedStandInIsBuiltAgain() throws IOException {
        var archive = obtainOrBuild(unreachable);
        Files.writeString(archive.path(), "no archive");

        assertThat(catchThrowableOfType(EnvctlException.class, () -> obtain(unreachable))
                        .details())
                .singleElement()
                .asString()
                .contains(archive.path().toString());
        assertThat(obtainOrBuild(unreachable).digest()).isEqualTo(archive.digest());
        assertThat(obtain(unreachable).digest()).isEqualTo(archive.digest());
    }

    @Test
    void anImageWithoutARecipeCannotBeReplaced() {
        var failure =
                catchThrowableOfType(EnvctlException.class, () -> obtainOrBuild(sample.pinned("app", NOWHERE, null)));

        assertThat(failure.kind()).isEqualTo(FailureKind.PREREQUISITE);
        assertThat(failure.remedy()).contains("no recipe");
    }

    @Test
    void severalImagesComeInTheOrderTheyWereAskedFor() {
        var database = sample.pinned("db", NOWHERE, "db");

        var archives = images.source().obtainOrBuild(List.of(database, reachable), progress, soon());

        assertThat(archives).extracting(ImageArchive::name).containsExactly("db", "app");
        assertThat(archives).extracting(ImageArchive::standIn).containsExactly(true, false);
    }

    @Test
    void aDigestThatTheRegistryLacksIsFinal() {
        var gone = new SampleImage("amd64", "gone").pinned("app", server.repository("team/app"), "app");

        assertThat(catchThrowableOfType(EnvctlException.class, () -> obtainOrBuild(gone))
                        .kind())
                .isEqualTo(FailureKind.IMAGE);
    }

    @Test
    void offlineNobodyIsAskedAndWhatIsMissingIsNamed() {
        var offline = offline("yes");

        var failure = catchThrowableOfType(
                EnvctlException.class, () -> offline.source().obtain(List.of(reachable), progress, soon()));

        assertThat(failure.kind()).isEqualTo(FailureKind.PREREQUISITE);
        assertThat(failure.problem()).isEqualTo("Offline, and not on this machine: app.");
        assertThat(failure.remedy()).contains("envctl images save images.tar app", "envctl images load images.tar");
        assertThat(failure.details())
                .singleElement()
                .asString()
                .contains(reachable.digest().value());
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void offlineWhatIsHereIsUsed() {
        var archive = obtain(reachable);
        var database = new SampleImage("amd64", "db").pinned("db", NOWHERE, "db");
        var built = obtainOrBuild(database);
        var requests = server.requests().size();

        assertThat(offline("1").source().obtain(List.of(reachable, database), progress, soon()))
                .containsExactly(archive, built);
        assertThat(server.requests()).hasSize(requests);
    }

    @Test
    void offlineNoTagIsResolved() {
        var failure = catchThrowableOfType(
                EnvctlException.class,
                () -> offline("true")
                        .locking()
                        .lock(
                                directory.resolve("images.lock"),
                                Map.of("app", server.repository("team/app") + ":1"),
                                List.of(),
                                progress,
                                soon()));

        assertThat(failure.kind()).isEqualTo(FailureKind.PREREQUISITE);
        assertThat(failure.problem()).contains("offline");
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void anUnclearWishToBeOfflineIsRefused() {
        var failure = catchThrowableOfType(
                EnvctlException.class, () -> offline("maybe").source().obtain(List.of(reachable), progress, soon()));

        assertThat(failure.kind()).isEqualTo(FailureKind.USAGE);
        assertThat(failure.problem()).contains("ENVCTL_OFFLINE", "maybe");
    }

    private Images offline(String setting) {
        var environment = Map.of(Offline.VARIABLE, setting);
        var files = new CredentialFiles(Map.of(), directory.resolve("home"), recipes.programs);
        return new Images(
                new CacheDirectory(directory.resolve("cache")),
                recipes.script,
                recipes.programs,
                new Registry(environment, files, Duration.ofSeconds(5), Duration.ofMillis(5)),
                new Offline(environment),
                new Platform("linux", "amd64"));
    }

    @Test
    void warmingSaysWhatCameFromWhere() {
        var database = new SampleImage("amd64", "db").pinned("db", NOWHERE, "db");

        var first = images.source().warm(List.of(reachable, database), progress, soon());
        var second = images.source().warm(List.of(reachable, database), progress, soon());

        assertThat(first)
                .extracting(WarmedImage::from)
                .containsExactly(reachable.location().host(), "build");
        assertThat(first).extracting(WarmedImage::bytes).containsExactly((long) sample.layer.length, 0L);
        assertThat(second).extracting(WarmedImage::from).containsExactly("cache", "stand-in");
        assertThat(second).extracting(WarmedImage::bytes).containsOnly(0L);
    }

    @Test
    void theStepsOfABuildAreTold() {
        recipes.programs.saying(
                "==> app [1/2] Compile (about 3 s)", "noise", "<== app [1/2] 3 s", "==> app [2/2] Pack");

        obtainOrBuild(unreachable);

        assertThat(progress.events)
                .filteredOn(event -> event instanceof Progress.Started)
                .containsExactly(
                        new Progress.Started("build app [1/2] Compile (about 3 s)"),
                        new Progress.Started("build app [2/2] Pack"));
        assertThat(progress.events)
                .filteredOn(event -> event instanceof Progress.Finished)
                .hasSize(2);
    }

    @Test
    void listingSaysWhereEachImageComesFrom() {
        obtain(reachable);
        var lock = ImageLock.parse(
                Path.of("images.lock"), text(reachable, new SampleImage("amd64", "x").pinned("db", NOWHERE, "db")));

        assertThat(images.listing().list(lock))
                .extracting(ListedImage::name, ListedImage::origin)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("app", Origin.ARCHIVE),
                        org.assertj.core.groups.Tuple.tuple("db", Origin.REGISTRY));
    }

    @Test
    void verifyingFindsADamagedStandIn() throws IOException {
        var archive = obtainOrBuild(unreachable);
        var lock = ImageLock.parse(Path.of("images.lock"), text(unreachable));
        assertThat(images.verification().verify(lock))
                .containsExactly(new VerifiedImage(unreachable, Origin.STAND_IN, archive, null));
        Files.writeString(archive.path(), "no archive");

        var rows = images.verification().verify(lock);

        assertThat(rows)
                .singleElement()
                .satisfies(row -> assertThat(row.problem()).isPresent());
        var failure = catchThrowableOfType(EnvctlException.class, () -> VerifyImages.requireNoDifference(rows));
        assertThat(failure.kind()).isEqualTo(FailureKind.IMAGE);
    }

    private static String text(PinnedImage... pinned) {
        return new String(ImageLock.text(List.of(pinned)), java.nio.charset.StandardCharsets.UTF_8);
    }

    private ImageArchive obtain(PinnedImage image) {
        return images.source().obtain(List.of(image), progress, soon()).get(0);
    }

    private ImageArchive obtainOrBuild(PinnedImage image) {
        return images.source().obtainOrBuild(List.of(image), progress, soon()).get(0);
    }

    private static Deadline soon() {
        return Deadline.in(Duration.ofSeconds(10));
    }
}
