package dev.envctl.image;

/**
 * What an image is on one platform.
 *
 * @param digest of the platform's manifest
 * @param size bytes to download: its configuration and all its layers
 */
public record PlatformImage(Digest digest, long size) {
    public PlatformImage {
        if (size < 0) {
            throw new IllegalArgumentException("the size of %s is negative: %d".formatted(digest, size));
        }
    }
}
