package dev.envctl.image;

import org.jspecify.annotations.Nullable;

/**
 * What locking changes about one image.
 *
 * @param before what images.lock says so far, or null for a new image
 * @param after what the registry says now
 */
public record LockChange(@Nullable PinnedImage before, PinnedImage after) {
    /** One line for people. */
    public String describe() {
        var now = "%s %s".formatted(after.tagged(), after.digest());
        if (before == null) {
            return "%s: added, %s".formatted(after.name(), now);
        }
        return before.reference().equals(after.reference()) && before.tag().equals(after.tag())
                ? "%s: platforms and sizes of %s".formatted(after.name(), now)
                : "%s: %s %s -> %s".formatted(after.name(), before.tagged(), before.digest(), now);
    }
}
