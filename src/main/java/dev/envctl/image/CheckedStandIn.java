package dev.envctl.image;

import java.nio.file.Path;

/**
 * A stand-in that another machine built, whose parts are all at hand.
 *
 * @param image the locked image whose place it takes
 * @param recipe the name of the recipe that built it
 * @param hash of the recipe's content
 * @param repository its own
 * @param tag its own
 */
record CheckedStandIn(
        PinnedImage image, String recipe, String hash, String repository, String tag, Document manifest, Blobs blobs) {
    String tagged() {
        return repository + ":" + tag;
    }

    /** @param archive where it will be */
    BuiltImage built(Platform platform, long archiveSize, Path archive) {
        return new BuiltImage(
                recipe,
                repository,
                tag,
                manifest.digest(),
                manifest.config().digest(),
                hash,
                platform,
                archiveSize,
                archive);
    }
}
