package dev.envctl.image;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import org.jspecify.annotations.Nullable;

/**
 * An image to be locked, before anybody asked its registry.
 *
 * @param build as in images.lock
 */
record TagRequest(
        String name,
        Repository repository,
        String tag,
        @Nullable String build) {
    static TagRequest again(PinnedImage image) {
        return new TagRequest(image.name(), image.location(), image.tag(), image.build());
    }

    /** @param reference {@code REPOSITORY:TAG} */
    static TagRequest parse(String name, String reference, @Nullable String build) {
        var colon = reference.lastIndexOf(':');
        try {
            if (colon < 0 || reference.indexOf('/', colon) >= 0 || reference.contains("@")) {
                throw new IllegalArgumentException("`%s` is not REPOSITORY:TAG".formatted(reference));
            }
            PinnedImage.checkName(name);
            PinnedImage.checkTag(reference.substring(colon + 1));
            var repository = Repository.parse(reference.substring(0, colon));
            return new TagRequest(name, repository, reference.substring(colon + 1), build);
        } catch (IllegalArgumentException e) {
            throw new EnvctlException(
                    FailureKind.USAGE,
                    "%s.".formatted(e.getMessage()),
                    "Write it like `envctl images lock postgres=docker.io/library/postgres:17-alpine`.",
                    e);
        }
    }
}
