package dev.envctl.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.envctl.CacheDirectory;
import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.Progress;
import dev.envctl.readiness.Deadline;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.tar.TarFile;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class SaveAndLoadTest {
    /** Nothing listens on port 1 of this machine. */
    private static final String NOWHERE = "127.0.0.1:1/team/db";

    private final SampleImage sample = new SampleImage("amd64");
    private final SampleImage standIn = new SampleImage("amd64", "stand-in");
    private final PinnedImage replaced = new SampleImage("amd64", "db").pinned("db", NOWHERE, "db");
    private final RecordingProgress progress = new RecordingProgress();

    @TempDir
    private Path directory;

    private PinnedImage image;
    private ImageLock lock;
    private Machine here;
    private Machine there;
    private Path tar;

    /** A cache with the recipes of a checkout. */
    private record Machine(Path cache, FakeRecipes recipes, Images images) {
        static Machine in(Path folder, SampleImage standIn) {
            var cache = folder.resolve("cache");
            var recipes = new FakeRecipes(folder.resolve("recipes"), cache, standIn, "db");
            var files = new CredentialFiles(Map.of(), folder.resolve("home"), recipes.programs);
            var registry = new Registry(Map.of(), files, Duration.ofSeconds(5), Duration.ofMillis(5));
            var images = new Images(
                    new CacheDirectory(cache),
                    recipes.script,
                    recipes.programs,
                    registry,
                    new Offline(Map.of()),
                    new Platform("linux", "amd64"));
            return new Machine(cache, recipes, images);
        }

        /** What is in the cache apart from locks, which hold nothing. */
        List<String> files() throws IOException {
            if (!Files.exists(cache)) {
                return List.of();
            }
            try (var files = Files.walk(cache)) {
                return files.filter(file ->
                                Files.isRegularFile(file) && file.toFile().length() > 0)
                        .map(file -> cache.relativize(file).toString())
                        .toList();
            }
        }
    }

    @BeforeEach
    void fetchOnOneMachine() {
        here = Machine.in(directory.resolve("here"), standIn);
        there = Machine.in(directory.resolve("there"), standIn);
        try (var server = new ScriptedRegistry().serving("team/app", sample)) {
            image = sample.pinned("app", server.repository("team/app"));
            here.images().source().obtain(List.of(image), Progress.SILENT, soon());
        }
        lock = lockOf(image);
        tar = directory.resolve("saved.tar");
        here.images().saving().save(tar, List.of(image), Progress.SILENT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"images.tar", "images"})
    void whatWasSavedIsTheSameOnAnotherMachine(String name) throws IOException {
        var saved = directory.resolve(name);
        var original = here.images().saving().save(saved, lock.images(), Progress.SILENT);

        var loaded = load(saved);

        assertThat(loaded)
                .extracting(ImageArchive::reference)
                .containsExactly(original.get(0).reference());
        assertThat(Files.mismatch(original.get(0).path(), loaded.get(0).path())).isEqualTo(-1);
        assertThat(there.images().verification().verify(lock))
                .containsExactly(new VerifiedImage(image, Origin.ARCHIVE, loaded.get(0), null));
        assertThat(there.images().source().obtain(List.of(image), progress, soon()))
                .isEqualTo(loaded);
    }

    @Test
    void theSameImagesMakeTheSameFile() throws IOException {
        var again = directory.resolve("again.tar");
        here.images().saving().save(again, List.of(image), Progress.SILENT);

        assertThat(Files.mismatch(tar, again)).isEqualTo(-1);
    }

    @Test
    void loadingTwiceKeepsWhatIsThere() throws IOException {
        var first = load(tar);
        var modified = Files.getLastModifiedTime(first.get(0).path());

        assertThat(load(tar)).isEqualTo(first);
        assertThat(Files.getLastModifiedTime(first.get(0).path())).isEqualTo(modified);
    }

    @Test
    void oneByteThatWasChangedIsEnoughToRefuseAll() throws IOException {
        var bytes = Files.readAllBytes(tar);
        var text = new String(bytes, StandardCharsets.ISO_8859_1);
        bytes[text.indexOf("the only layer")] = 'T';
        Files.write(tar, bytes);

        refused("has the content");
    }

    @Test
    void aFileThatWasCutAnywhereIsRefused() throws IOException {
        var bytes = Files.readAllBytes(tar);
        for (var length = 0; length <= endOfEntries(bytes); length += 333) {
            Files.write(tar, java.util.Arrays.copyOf(bytes, length));

            refused("");
        }
    }

    @Test
    void aBlobThatIsTooLongIsRefused() throws IOException {
        rewrite((entry, content) -> entry.getName()
                        .endsWith(Digest.of(sample.layer).hex())
                ? new String(content, StandardCharsets.UTF_8).concat("more").getBytes(StandardCharsets.UTF_8)
                : content);

        refused("has %d bytes of".formatted(sample.layer.length + 4));
    }

    @Test
    void aBlobThatIsMissingIsRefused() throws IOException {
        rewrite((entry, content) ->
                entry.getName().endsWith(Digest.of(sample.layer).hex()) ? new byte[0] : content);

        refused("has 0 bytes of");
    }

    @ParameterizedTest
    @CsvSource({
        "../../outside, 0, leads out of it",
        "blobs/../../outside, 0, leads out of it",
        "/tmp/outside, 0, absolute name",
        "blobs/sha256/link, 2, has a link",
        "blobs/sha256/link, 1, has a link",
        "device, 3, has a device",
        "device, 4, has a device",
        "pipe, 6, has a device",
        "sparse, S, a kind that no layout needs",
        "longname, L, a kind that no layout needs",
        "index.json, 0, two files called",
        "./index.json, 0, two files called"
    })
    void anEntryThatNoLayoutNeedsIsEnoughToRefuseAll(String name, char kind, String problem) throws IOException {
        append(new TarArchiveEntry(name, (byte) kind, true));

        refused(problem);
        assertThat(directory.resolveSibling("outside")).doesNotExist();
        assertThat(Path.of("/tmp/outside")).doesNotExist();
    }

    @Test
    void aHeaderThatRenamesAFileIsRefused() throws IOException {
        append(new TarArchiveEntry("harmless", (byte) 'x'), "23 path=../../outside\n");

        refused("extended header that changes what a file is");
    }

    @Test
    void aSizeThatIsNotThereIsNotReserved() throws IOException {
        var bytes = Files.readAllBytes(tar);
        var header = tarHeader("blobs/sha256/bomb", "77777777777");
        System.arraycopy(header, 0, bytes, endOfEntries(bytes), 512);
        Files.write(tar, bytes);

        refused("is cut short: `blobs/sha256/bomb` has 8589934591 bytes");
    }

    @Test
    void anIndexOfGigabytesIsNotRead() throws IOException {
        rewrite((entry, content) -> entry.getName().equals("index.json") ? new byte[5_000_000] : content);

        refused("index.json of 5000000 bytes");
    }

    @Test
    void whatIsCompressedIsNotUnpacked() throws IOException {
        var bytes = Files.readAllBytes(tar);
        try (OutputStream stream = new GZIPOutputStream(Files.newOutputStream(tar))) {
            stream.write(bytes);
        }

        refused("no tar");
    }

    @Test
    void aFolderWithALinkIsRefused() throws IOException {
        var folder = directory.resolve("folder");
        here.images().saving().save(folder, List.of(image), Progress.SILENT);
        var blob =
                folder.resolve("blobs/sha256").resolve(Digest.of(sample.layer).hex());
        Files.move(blob, directory.resolve("elsewhere"));
        Files.createSymbolicLink(blob, directory.resolve("elsewhere"));
        tar = folder;

        refused("has a link at blobs/sha256/");
    }

    @Test
    void aFolderWithAnotherFolderForAFileIsRefused() throws IOException {
        var folder = directory.resolve("folder");
        here.images().saving().save(folder, List.of(image), Progress.SILENT);
        Files.delete(folder.resolve("index.json"));
        Files.createDirectory(folder.resolve("index.json"));
        tar = folder;

        refused("no ordinary file");
    }

    @Test
    void whatIsNotLockedIsNotTaken() throws IOException {
        lock = lockOf(new SampleImage("amd64", "another").pinned("app", image.repository()));

        var failure = refused("has none of the locked images (app)");

        assertThat(failure.details())
                .singleElement()
                .asString()
                .contains(image.tagged(), Digest.of(sample.index).value());
    }

    @Test
    void anImageOfAnotherPlatformIsRefused() throws IOException {
        var foreign = new SampleImage("arm64");
        var other = new PinnedImage("app", image.repository(), "1", foreign.manifestDigest(), Map.of(), null);
        var archive = SampleArchive.write(foreign, directory);
        tar = archive;
        lock = lockOf(other);

        refused("is for linux/arm64");
    }

    @Test
    void anythingElseIsNoLayout() {
        tar = directory.resolve("nothing");

        assertThat(catchThrowableOfType(EnvctlException.class, () -> load(tar)).kind())
                .isEqualTo(FailureKind.USAGE);
    }

    @Test
    void whatIsNotHereCannotBeSaved() {
        var failure = catchThrowableOfType(
                EnvctlException.class,
                () -> here.images().saving().save(directory.resolve("x.tar"), List.of(image, replaced), progress));

        assertThat(failure.kind()).isEqualTo(FailureKind.PREREQUISITE);
        assertThat(failure.problem()).contains("Not on this machine: db");
        assertThat(failure.remedy()).contains("images warm");
        assertThat(directory.resolve("x.tar")).doesNotExist();
    }

    @Test
    void aDamagedImageIsNotSaved() throws IOException {
        var archive = here.images()
                .source()
                .obtain(List.of(image), progress, soon())
                .get(0)
                .path();
        var modified = Files.getLastModifiedTime(archive);
        var bytes = Files.readAllBytes(archive);
        bytes[new String(bytes, StandardCharsets.ISO_8859_1).indexOf("the only layer")] = 'T';
        Files.write(archive, bytes);
        Files.setLastModifiedTime(archive, modified);

        var failure = catchThrowableOfType(
                EnvctlException.class,
                () -> here.images().saving().save(directory.resolve("x"), List.of(image), progress));

        assertThat(failure.kind()).isEqualTo(FailureKind.IMAGE);
        try (Stream<Path> left = Files.list(directory)) {
            assertThat(left.map(Path::getFileName).map(Path::toString)).noneMatch(name -> name.contains("x"));
        }
    }

    @Test
    void aFolderThatIsNotEmptyIsNotOverwritten() throws IOException {
        var folder = Files.createDirectory(directory.resolve("full"));
        Files.writeString(folder.resolve("mine"), "mine");

        var failure = catchThrowableOfType(
                EnvctlException.class, () -> here.images().saving().save(folder, List.of(image), progress));

        assertThat(failure.kind()).isEqualTo(FailureKind.USAGE);
        assertThat(folder.resolve("mine")).hasContent("mine");
    }

    @Test
    void aStandInOfAnotherMachineIsTakenOnlyIfItIsTrusted() throws IOException {
        saveStandIn();

        var failure = catchThrowableOfType(EnvctlException.class, () -> load(tar));
        assertThat(failure.kind()).isEqualTo(FailureKind.PREREQUISITE);
        assertThat(failure.remedy()).contains("--stand-ins");
        assertThat(there.files()).isEmpty();

        var loaded = there.images().loading().load(tar, lock, true, progress, soon());

        assertThat(loaded)
                .extracting(ImageArchive::name, ImageArchive::standIn, ImageArchive::digest)
                .containsExactly(org.assertj.core.groups.Tuple.tuple("db", true, standIn.manifestDigest()));
        assertThat(there.images().source().obtain(List.of(replaced), progress, soon()))
                .isEqualTo(loaded);
        assertThat(there.recipes().built).isEmpty();
    }

    @Test
    void aStandInOfAnotherRecipeIsLeft() throws IOException {
        saveStandIn();
        there.recipes().hash = "b2";

        var failure = catchThrowableOfType(
                EnvctlException.class, () -> there.images().loading().load(tar, lock, true, progress, soon()));

        assertThat(failure.kind()).isEqualTo(FailureKind.IMAGE);
        assertThat(there.files()).isEmpty();
        assertThat(progress.events)
                .anySatisfy(event -> assertThat(event).asString().contains("recipe"));
    }

    private void saveStandIn() {
        here.images().source().obtainOrBuild(List.of(replaced), Progress.SILENT, soon());
        here.images().saving().save(tar, List.of(replaced), Progress.SILENT);
        lock = lockOf(replaced);
    }

    private EnvctlException refused(String problem) throws IOException {
        var failure = catchThrowableOfType(EnvctlException.class, () -> load(tar));
        assertThat(failure).as("failure").isNotNull();
        assertThat(failure.kind()).as(failure.problem()).isEqualTo(FailureKind.IMAGE);
        assertThat(failure.problem()).contains(problem);
        assertThat(there.files()).as("stored").isEmpty();
        return failure;
    }

    private List<ImageArchive> load(Path from) {
        return there.images().loading().load(from, lock, false, progress, soon());
    }

    /** Changes the content of entries. */
    @FunctionalInterface
    private interface Change {
        byte[] of(TarArchiveEntry entry, byte[] content) throws IOException;
    }

    private void rewrite(Change change) throws IOException {
        copy(change, stream -> {});
    }

    private void append(TarArchiveEntry entry) throws IOException {
        append(entry, "");
    }

    private void append(TarArchiveEntry entry, String text) throws IOException {
        if (entry.isLink() || entry.isSymbolicLink()) {
            entry.setLinkName("/etc/passwd");
        }
        copy((old, content) -> content, stream -> {
            entry.setSize(text.length());
            stream.putArchiveEntry(entry);
            stream.write(text.getBytes(StandardCharsets.UTF_8));
            stream.closeArchiveEntry();
        });
    }

    /** Adds entries to a tar. */
    @FunctionalInterface
    private interface More {
        void to(TarArchiveOutputStream stream) throws IOException;
    }

    private void copy(Change change, More more) throws IOException {
        var copy = directory.resolve("copy.tar");
        try (var from = new TarFile(tar);
                var to = new TarArchiveOutputStream(Files.newOutputStream(copy))) {
            for (var entry : from.getEntries()) {
                byte[] content;
                try (InputStream stream = from.getInputStream(entry)) {
                    content = change.of(entry, stream.readAllBytes());
                }
                var written = new TarArchiveEntry(entry.getName());
                written.setSize(content.length);
                to.putArchiveEntry(written);
                new ByteArrayInputStream(content).transferTo(to);
                to.closeArchiveEntry();
            }
            more.to(to);
        }
        Files.move(copy, tar, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    }

    /** Where the zeros begin with which a tar ends. */
    private static int endOfEntries(byte[] tar) {
        var end = tar.length;
        while (end >= 512
                && java.util.Arrays.equals(java.util.Arrays.copyOfRange(tar, end - 512, end), new byte[512])) {
            end -= 512;
        }
        return end;
    }

    private static byte[] tarHeader(String name, String octalSize) {
        var header = new byte[512];
        put(header, 0, name);
        put(header, 100, "0000644");
        put(header, 124, octalSize);
        header[156] = TarConstants.LF_NORMAL;
        put(header, 257, "ustar\00000");
        java.util.Arrays.fill(header, 148, 156, (byte) ' ');
        var sum = 0;
        for (var one : header) {
            sum += one & 0xff;
        }
        put(header, 148, "%06o\0".formatted(sum));
        return header;
    }

    private static void put(byte[] header, int at, String text) {
        System.arraycopy(text.getBytes(StandardCharsets.US_ASCII), 0, header, at, text.length());
    }

    private static ImageLock lockOf(PinnedImage... pinned) {
        return ImageLock.parse(
                Path.of("images.lock"), new String(ImageLock.text(List.of(pinned)), StandardCharsets.UTF_8));
    }

    private static Deadline soon() {
        return Deadline.in(Duration.ofSeconds(10));
    }
}
