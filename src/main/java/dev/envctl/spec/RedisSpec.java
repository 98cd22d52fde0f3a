package dev.envctl.spec;

import java.util.OptionalInt;

/**
 * The Redis service.
 *
 * @param image its name in images.lock
 * @param databases how many numbered databases it has; index 0 is reserved
 * @param isolation what each worker has for itself
 * @param port the host port asked for; empty for any free one of the range
 */
public record RedisSpec(
        String image, int databases, Isolation isolation, Storage storage, Resources resources, OptionalInt port) {
    /** What keeps workers apart. */
    public enum Isolation {
        /** A numbered database of one server. */
        INDEX,
        /** A server. */
        INSTANCE
    }

    /** How many servers there are besides the shared one. */
    public int instances(WorkersSpec workers) {
        return isolation == Isolation.INSTANCE ? workers.count() : 0;
    }
}
