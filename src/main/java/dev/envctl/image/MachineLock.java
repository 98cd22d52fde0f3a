package dev.envctl.image;

import dev.envctl.Progress;
import dev.envctl.readiness.Deadline;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * This machine's own images.lock, in the cache: the stand-ins its user agreed to, each with the hash of the recipe that
 * built it. Several contents of one recipe may stand side by side, so that checkouts do not disturb each other.
 */
final class MachineLock {
    private final Path file;
    private final ExclusiveWork writing;

    MachineLock(Path file) {
        this.file = file;
        this.writing = new ExclusiveWork(file.resolveSibling(".images.lock.writing"));
    }

    @Override
    public String toString() {
        return file.toString();
    }

    List<LockEntry> entries() {
        if (!Files.isRegularFile(file)) {
            return List.of();
        }
        try {
            return new LockFileReader(file.toString(), true).read(Files.readString(file));
        } catch (IOException e) {
            throw StoredFile.cannot("read", file, e);
        }
    }

    /**
     * Adds what was built, in place of older entries of the same recipes' content.
     *
     * @param isGone which older entries are of no use any more
     */
    void add(List<BuiltImage> built, Predicate<LockEntry> isGone, Progress progress, Deadline deadline) {
        writing.run(
                "the lock file of this machine",
                deadline,
                reason -> progress.waiting(ImageSource.PHASE, file + ": " + reason),
                () -> {
                    var added = built.stream().map(MachineLock::entry).toList();
                    var all = new ArrayList<>(entries());
                    all.removeIf(old -> isGone.test(old) || added.stream().anyMatch(entry -> isSame(entry, old)));
                    all.addAll(added);
                    var text = LockText.write(LockText.OF_THIS_MACHINE, all);
                    StoredFile.write(file, text.getBytes(StandardCharsets.UTF_8));
                    return true;
                });
    }

    private static boolean isSame(LockEntry one, LockEntry other) {
        return one.image().name().equals(other.image().name())
                && String.valueOf(one.recipe()).equals(other.recipe());
    }

    private static LockEntry entry(BuiltImage built) {
        var content = Map.of(built.platform(), new PlatformImage(built.digest(), built.archiveSize()));
        var image =
                new PinnedImage(built.name(), built.repository(), built.tag(), built.digest(), content, built.name());
        return new LockEntry(image, built.recipe());
    }
}
