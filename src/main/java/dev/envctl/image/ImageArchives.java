package dev.envctl.image;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.Progress;
import dev.envctl.readiness.Deadline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

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
    ImageArchive pull(PinnedImage image, Progress progress, Deadline deadline) {
        var found = find(image);
        if (found.isPresent()) {
            return found.get();
        }
        var alone = downloads.computeIfAbsent(image.digest(), digest -> new ExclusiveWork(files.lock(digest)));
        return alone.run(
                "the download of " + image.tagged(),
                deadline,
                reason -> progress.waiting(Download.PHASE, image.name() + ": " + reason),
                () -> find(image).orElseGet(() -> download(image, progress, deadline)));
    }

    private ImageArchive download(PinnedImage image, Progress progress, Deadline deadline) {
        stored(image).map(files::archive).ifPresent(ImageArchives::delete);
        var manifest = new Download(registry, choice, files, image, progress, deadline).run();
        return archive(image, manifest, verified.verify(files.archive(manifest), manifest));
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

    /** The digest of the archive that is here, whole or not. */
    private Optional<Digest> stored(PinnedImage image) {
        return manifest(image).filter(digest -> Files.isRegularFile(files.archive(digest)));
    }

    private Optional<Digest> manifest(PinnedImage image) {
        var index = files.index(image.digest());
        if (!Files.isRegularFile(index)) {
            var locked = image.platforms().get(choice.platform());
            return Optional.of(locked == null ? image.digest() : locked.digest());
        }
        try {
            var bytes = Files.readAllBytes(index);
            // What the index says counts only if it is the one that images.lock names.
            return Digest.of(bytes).equals(image.digest())
                    ? Optional.of(choice.manifestOf(image, new Document(index.toString(), bytes)))
                    : Optional.empty();
        } catch (IOException e) {
            throw StoredFile.cannot("read", index, e);
        }
    }

    private ImageArchive archive(PinnedImage image, Digest manifest, Digest config) {
        return new ImageArchive(
                image.name(), image.repository(), image.tag(), manifest, config, files.archive(manifest), false);
    }

    private static void delete(Path archive) {
        try {
            Files.deleteIfExists(archive);
        } catch (IOException e) {
            throw StoredFile.cannot("delete", archive, e);
        }
    }
}
