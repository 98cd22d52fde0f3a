package dev.envctl.image;

import dev.envctl.EnvctlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Says where each image comes from on this machine. Asks no registry. */
public final class ListImages {
    private final ImageArchives archives;
    private final StandIns standIns;
    private final Platform platform;

    ListImages(ImageArchives archives, StandIns standIns, Platform platform) {
        this.archives = archives;
        this.standIns = standIns;
        this.platform = platform;
    }

    /** One row per image, in the order of the lock file. */
    public List<ListedImage> list(ImageLock lock) {
        var images = lock.images();
        var standing = standIns.find(images);
        return images.stream().map(image -> row(image, standing)).toList();
    }

    private ListedImage row(PinnedImage image, StandIns.Standing standing) {
        var archive = archives.find(image);
        if (archive.isPresent()) {
            return row(image, Origin.ARCHIVE, size(archive.get().path()), "");
        }
        var standIn = standing.of(image);
        if (standIn.isPresent()) {
            return row(
                    image,
                    Origin.STAND_IN,
                    size(standIn.get().path()),
                    standIn.get().reference());
        }
        var problem = standing.problems().get(image.name());
        var locked = image.platforms().get(platform);
        return row(image, Origin.REGISTRY, locked == null ? -1 : locked.size(), problem == null ? "" : note(problem));
    }

    private static String note(EnvctlException problem) {
        return problem.problem() + " " + problem.remedy();
    }

    private static ListedImage row(PinnedImage image, Origin origin, long bytes, String note) {
        return new ListedImage(image.name(), image.tagged(), image.digest(), origin, bytes, note);
    }

    private static long size(Path archive) {
        try {
            return Files.size(archive);
        } catch (IOException e) {
            throw StoredFile.cannot("read", archive, e);
        }
    }
}
