package dev.envctl.worker;

import org.jspecify.annotations.Nullable;

/** There is no lease, or the primary refuses what was asked of it. The message says what to do next. */
public final class LeaseException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public LeaseException(String problem) {
        this(problem, null);
    }

    public LeaseException(String problem, @Nullable Throwable cause) {
        super(problem, cause);
    }
}
