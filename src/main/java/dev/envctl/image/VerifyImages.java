package dev.envctl.image;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Hashes what this machine has of the locked images, down to the last layer. Asks no registry. */
public final class VerifyImages {
    private final ImageArchives archives;
    private final StandIns standIns;

    VerifyImages(ImageArchives archives, StandIns standIns) {
        this.archives = archives;
        this.standIns = standIns;
    }

    /** One row per image and place it is kept in. Reads every byte: seconds for a gigabyte. */
    public List<VerifiedImage> verify(ImageLock lock) {
        var rows = new ArrayList<VerifiedImage>();
        for (var image : lock.images()) {
            var here = new ArrayList<VerifiedImage>();
            row(image, Origin.ARCHIVE, archives::verify).ifPresent(here::add);
            row(image, Origin.STAND_IN, standIns::verify).ifPresent(here::add);
            rows.addAll(here.isEmpty() ? List.of(new VerifiedImage(image, Origin.REGISTRY, null, null)) : here);
        }
        return List.copyOf(rows);
    }

    private static Optional<VerifiedImage> row(
            PinnedImage image, Origin origin, Function<PinnedImage, Optional<ImageArchive>> verification) {
        try {
            return verification.apply(image).map(archive -> new VerifiedImage(image, origin, archive, null));
        } catch (EnvctlException e) {
            if (e.kind() != FailureKind.IMAGE) {
                throw e;
            }
            return Optional.of(new VerifiedImage(image, origin, null, e.problem()));
        }
    }

    /**
     * Passes if every row is as it should be.
     *
     * @throws EnvctlException IMAGE with every difference
     */
    public static void requireNoDifference(List<VerifiedImage> rows) {
        var differences = rows.stream().flatMap(row -> row.problem().stream()).toList();
        if (!differences.isEmpty()) {
            throw new EnvctlException(
                    FailureKind.IMAGE,
                    "%d of %d images are not what they should be.".formatted(differences.size(), rows.size()),
                    "`envctl setup` replaces them.",
                    differences,
                    null);
        }
    }
}
