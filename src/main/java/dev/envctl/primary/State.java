package dev.envctl.primary;

import java.util.Locale;

/** Where an environment is in its life. */
public enum State {
    CREATING,
    READY,
    /** Creation failed; what was made is being diagnosed or, with {@code --keep-on-failure}, kept. */
    FAILED,
    /** It was ready and is not what it was: its node or a service has gone, or does not answer. */
    BROKEN,
    REMOVING,
    REMOVED;

    /** The word in files and on the API. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether it has not begun to go away. */
    boolean stays() {
        return this != REMOVING && this != REMOVED;
    }

    static State of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }
}
