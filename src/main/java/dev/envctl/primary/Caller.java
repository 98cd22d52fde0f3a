package dev.envctl.primary;

/** Who sends a request, as its token says. */
sealed interface Caller {
    /** Whoever can read {@code primary.json}. */
    record Owner() implements Caller {}

    /** A worker, known by the index of its lease. */
    record Worker(int worker) implements Caller {}
}
