package dev.envctl.image;

import org.jspecify.annotations.Nullable;

/**
 * One entry of a lock file.
 *
 * @param recipe the hash of the recipe that built it, in the lock file of a machine; null in a committed one
 */
record LockEntry(PinnedImage image, @Nullable String recipe) {}
