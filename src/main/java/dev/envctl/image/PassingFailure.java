package dev.envctl.image;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A failure of a registry that may pass by itself: too many requests, an error of the server, a lost connection. */
final class PassingFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Duration notBefore;

    PassingFailure(String reason, @Nullable Throwable cause) {
        this(reason, Duration.ZERO, cause);
    }

    /** @param notBefore how long the registry asks to be left alone; zero where it does not say */
    PassingFailure(String reason, Duration notBefore, @Nullable Throwable cause) {
        super(reason, cause);
        this.notBefore = notBefore;
    }

    Duration notBefore() {
        return notBefore;
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
