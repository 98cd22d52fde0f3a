package dev.envctl.image;

import dev.envctl.Progress;
import dev.envctl.readiness.Deadline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Fetches one image, from its digest down to the last layer, into an archive. */
final class Download {
    static final String PHASE = "pull and verify images";

    private final Registry registry;
    private final PlatformChoice choice;
    private final ArchiveFiles files;
    private final PinnedImage image;
    private final Progress progress;
    private final Deadline deadline;

    Download(
            Registry registry,
            PlatformChoice choice,
            ArchiveFiles files,
            PinnedImage image,
            Progress progress,
            Deadline deadline) {
        this.registry = registry;
        this.choice = choice;
        this.files = files;
        this.image = image;
        this.progress = progress;
        this.deadline = deadline;
    }

    /** Returns the digest of the manifest whose archive is now there, not yet verified. */
    Digest run() {
        var pinned = registry.manifest(image.location(), image.digest(), deadline, this::say);
        var digest = choice.manifestOf(image, pinned);
        var manifest = pinned.digest().equals(digest)
                ? pinned
                : registry.manifest(image.location(), digest, deadline, this::say);
        if (!Files.isRegularFile(files.archive(digest))) {
            fetch(manifest);
        }
        if (pinned.isIndex()) {
            StoredFile.write(files.index(image.digest()), pinned.bytes());
        }
        return digest;
    }

    private void fetch(Document manifest) {
        var blobs = files.partial(image.digest());
        // Whoever left this behind is dead: only one download of a digest runs at a time.
        StoredFile.removeTree(blobs);
        try {
            Files.createDirectories(blobs);
            var content = new ArchiveContent(image.tagged(), manifest, choice.platform(), blobs);
            fetchConfig(manifest.config(), blobs);
            fetchLayers(content);
            say("writing the archive");
            StoredFile.write(files.archive(manifest.digest()), stream -> ArchiveWriter.write(content, stream));
        } catch (IOException e) {
            throw StoredFile.cannot("write", blobs, e);
        } finally {
            StoredFile.removeTree(blobs);
        }
    }

    /** First, because a wrong platform shows here before any layer is fetched. */
    private void fetchConfig(Descriptor config, Path blobs) throws IOException {
        var document = registry.config(image.location(), config, deadline, this::say);
        choice.requireRunsHere(image, document);
        Files.write(blobs.resolve(config.digest().hex()), document.bytes());
    }

    private void fetchLayers(ArchiveContent content) {
        var total = content.manifest().contentSize();
        var done = content.manifest().config().size();
        for (var layer : content.manifest().layers()) {
            var before = done;
            var file = content.blobs().resolve(layer.digest().hex());
            if (!Files.exists(file)) {
                report(before, total);
                registry.blob(
                        image.location(), layer, file, deadline, this::say, bytes -> report(before + bytes, total));
            }
            done += layer.size();
        }
        report(done, total);
    }

    private void report(long done, long total) {
        say("%.1f of %.1f MB".formatted(done / 1e6, total / 1e6));
    }

    private void say(String reason) {
        progress.waiting(PHASE, image.name() + ": " + reason);
    }
}
