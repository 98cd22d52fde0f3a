package dev.envctl.image;

import java.util.OptionalLong;

/**
 * One row of {@code envctl images list}.
 *
 * @param tagged {@code repository:tag}, of the locked image
 * @param digest of the locked image
 * @param origin where this machine has it from
 * @param bytes of the archive on this machine, else to download; negative if not known
 * @param note what the user should know about it; empty if nothing
 */
public record ListedImage(String name, String tagged, Digest digest, Origin origin, long bytes, String note) {
    /** The size in bytes, where it is known. */
    public OptionalLong size() {
        return bytes < 0 ? OptionalLong.empty() : OptionalLong.of(bytes);
    }
}
