package dev.envctl.image;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One row of {@code envctl images verify}.
 *
 * @param origin where this machine has it from; REGISTRY means that there is nothing here to verify
 * @param whole the archive, where there is one and all of it is as it should be, or null
 * @param difference the first thing that is not as it should be, or null
 */
public record VerifiedImage(
        PinnedImage image,
        Origin origin,
        @Nullable ImageArchive whole,
        @Nullable String difference) {
    /** What was verified, if nothing is wrong with it. */
    public Optional<ImageArchive> archive() {
        return Optional.ofNullable(whole);
    }

    /** What is wrong, if anything is. */
    public Optional<String> problem() {
        return Optional.ofNullable(difference);
    }
}
