package dev.envctl.image;

import dev.envctl.AtOnce;
import dev.envctl.Progress;
import dev.envctl.readiness.Deadline;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;

/** Fetches one image, from its digest down to the last layer. */
final class Download {
    private final Registry registry;
    private final PlatformChoice choice;
    private final PinnedImage image;
    private final Path folder;
    private final String phase;
    private final Progress progress;
    private final Deadline deadline;
    private final Traffic traffic;

    /** @param folder for what has come so far; whoever left something there is dead, or failed */
    Download(
            Registry registry,
            PlatformChoice choice,
            PinnedImage image,
            Path folder,
            Progress progress,
            Deadline deadline) {
        this.registry = registry;
        this.choice = choice;
        this.image = image;
        this.folder = folder;
        this.phase = "pull " + image.name();
        this.progress = progress;
        this.deadline = deadline;
        this.traffic = new Traffic(phase, progress);
    }

    /** What came, checked against its digests part by part. */
    CheckedImage run() {
        var pinned = registry.manifest(image.location(), image.digest(), deadline, this::say);
        var digest = choice.manifestOf(image, pinned);
        var manifest = pinned.digest().equals(digest)
                ? pinned
                : registry.manifest(image.location(), digest, deadline, this::say);
        // First, because a wrong platform shows here before any layer is fetched.
        var config = registry.config(image.location(), manifest.config(), deadline, this::say);
        choice.requireRunsHere(image, config);
        traffic.expect(manifest.contentSize() - config.size());
        var layers = manifest.layers().stream().distinct().toList();
        AtOnce.each("Fetching images", Sources.CONNECTIONS, layers, this::fetch);
        say("writing the archive");
        return new CheckedImage(
                image,
                pinned,
                manifest,
                part -> part.digest().equals(config.digest())
                        ? new ByteArrayInputStream(config.bytes())
                        : new PartialBlob(folder, part).open());
    }

    private boolean fetch(Descriptor layer) {
        new BlobDownload(registry, image.location(), layer, folder, traffic, deadline, this::say).run();
        return true;
    }

    Traffic traffic() {
        return traffic;
    }

    String phase() {
        return phase;
    }

    private void say(String reason) {
        progress.waiting(phase, reason);
    }
}
