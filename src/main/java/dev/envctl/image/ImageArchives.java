package dev.envctl.image;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.Progress;
import dev.envctl.readiness.Deadline;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** The images that this machine fetched from registries, one archive each, under the digest of their manifest. */
final class ImageArchives {
    private final ArchiveFiles files;
    private final Registry registry;
    private final PlatformChoice choice;
    private final VerifiedArchives verified;
    private final Map<Digest, ExclusiveWork> downloads = new ConcurrentHashMap<>();

    ImageArchives(Path directory, Registry registry, PlatformChoice choice, VerifiedArchives verified) {
        this.files = new ArchiveFiles(directory);
        this.registry = registry;
        this.choice = choice;
        this.verified = verified;
    }

    /** The archive of an image, if it is here and whole; asks no registry, and hashes only what changed since. */
    Optional<ImageArchive> find(PinnedImage image) {
        return stored(image).flatMap(manifest -> {
            try {
                return Optional.of(archive(image, manifest, verified.configOf(files.archive(manifest), manifest)));
            } catch (EnvctlException e) {
                if (e.kind() == FailureKind.IMAGE) {
                    // A damaged archive is as good as none: pulling replaces it.
                    return Optional.empty();
                }
                throw e;
            }
        });
    }

    /**
     * The archive of an image, fetched where it is not here yet. Of several processes that want the same image one
     * fetches it and the others wait and use it.
     *
     * @throws EnvctlException IMAGE if the registry does not have it, withholds it or serves something else; TIMEOUT
     */
    PulledImage pull(PinnedImage image, Progress progress, Deadline deadline) {
        var found = find(image);
        if (found.isPresent()) {
            return PulledImage.here(found.get());
        }
        return alone(
                image,
                progress,
                deadline,
                () -> find(image).map(PulledImage::here).orElseGet(() -> download(image, progress, deadline)));
    }

    private PulledImage download(PinnedImage image, Progress progress, Deadline deadline) {
        var download = new Download(registry, choice, image, files.partial(image.digest()), progress, deadline);
        var begun = System.nanoTime();
        var outcome = Progress.Outcome.FAILED;
        progress.report(new Progress.Started(download.phase()));
        try {
            var archive = store(image, download::run);
            outcome = Progress.Outcome.OK;
            var traffic = download.traffic();
            return new PulledImage(archive, traffic.bytes(), since(begun), traffic.sources());
        } catch (EnvctlException e) {
            outcome = e.kind() == FailureKind.INTERRUPTED ? Progress.Outcome.CANCELLED : outcome;
            throw e;
        } finally {
            progress.report(new Progress.Finished(download.phase(), outcome, since(begun)));
        }
    }

    private static Duration since(long begun) {
        return Duration.ofNanos(System.nanoTime() - begun);
    }

    /** Keeps an image that was brought here by other means than a registry, unless it is here and whole. */
    ImageArchive keep(CheckedImage checked, Progress progress, Deadline deadline) {
        var image = checked.image();
        return alone(image, progress, deadline, () -> find(image).orElseGet(() -> store(image, () -> checked)));
    }

    private <T> T alone(PinnedImage image, Progress progress, Deadline deadline, Supplier<T> work) {
        var alone = downloads.computeIfAbsent(image.digest(), digest -> new ExclusiveWork(files.lock(digest)));
        return alone.run(
                "the download of " + image.tagged(),
                deadline,
                reason -> progress.waiting(ImageSource.PHASE, image.name() + ": " + reason),
                work);
    }

    /** Nothing of it is in its place, or left elsewhere, before all of it is on the disk and was hashed there. */
    private ImageArchive store(PinnedImage image, Supplier<CheckedImage> arrival) {
        var folder = files.partial(image.digest());
        try {
            var checked = arrival.get();
            var digest = checked.manifest().digest();
            var temporary = folder.resolve("archive.tar");
            write(checked, temporary);
            var config = ArchiveReader.verify(temporary, digest);
            StoredFile.move(temporary, files.archive(digest));
            verified.remember(files.archive(digest), digest, config);
            if (checked.pinned().isIndex()) {
                StoredFile.write(files.index(image.digest()), checked.pinned().bytes());
            }
            return archive(image, digest, config);
        } finally {
            StoredFile.removeTree(folder);
        }
    }

    private void write(CheckedImage checked, Path file) {
        var content =
                new ArchiveContent(checked.image().tagged(), checked.manifest(), choice.platform(), checked.blobs());
        try {
            StoredFile.createParent(file);
            try (var channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                ArchiveWriter.write(content, Channels.newOutputStream(channel));
                channel.force(true);
            }
        } catch (IOException e) {
            throw StoredFile.cannot("write", file, e);
        }
    }

    /**
     * Hashes an image's archive again, and the chain from the digest in images.lock to its last layer.
     *
     * @return the archive, or empty if it is not here
     * @throws EnvctlException IMAGE with the first difference
     */
    Optional<ImageArchive> verify(PinnedImage image) {
        requireWholeIndex(image);
        return stored(image)
                .map(manifest -> archive(image, manifest, verified.verify(files.archive(manifest), manifest)));
    }

    private void requireWholeIndex(PinnedImage image) {
        var index = files.index(image.digest());
        if (Files.isRegularFile(index) && manifest(image).isEmpty()) {
            throw new EnvctlException(
                    FailureKind.IMAGE,
                    "%s is not the index that its name says.".formatted(index),
                    "Delete the file; the next `envctl up` or `envctl setup` fetches it anew.");
        }
    }

    /** What images.lock names, byte for byte, where it is an index and the image is here. */
    Optional<Document> index(PinnedImage image) {
        var index = files.index(image.digest());
        if (!Files.isRegularFile(index)) {
            return Optional.empty();
        }
        try {
            var document = new Document(index.toString(), Files.readAllBytes(index));
            // What the index says counts only if it is the one that images.lock names.
            return Optional.of(document).filter(found -> found.digest().equals(image.digest()));
        } catch (IOException e) {
            throw StoredFile.cannot("read", index, e);
        }
    }

    /** The digest of the archive that is here, whole or not. */
    private Optional<Digest> stored(PinnedImage image) {
        return manifest(image).filter(digest -> Files.isRegularFile(files.archive(digest)));
    }

    private Optional<Digest> manifest(PinnedImage image) {
        if (Files.isRegularFile(files.index(image.digest()))) {
            return index(image).map(index -> choice.manifestOf(image, index));
        }
        var locked = image.platforms().get(choice.platform());
        return Optional.of(locked == null ? image.digest() : locked.digest());
    }

    private ImageArchive archive(PinnedImage image, Digest manifest, Digest config) {
        return new ImageArchive(
                image.name(), image.repository(), image.tag(), manifest, config, files.archive(manifest), false);
    }
}
