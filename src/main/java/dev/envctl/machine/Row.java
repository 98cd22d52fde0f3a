package dev.envctl.machine;

import java.util.Optional;

/**
 * One line of what {@code envctl doctor} tells.
 *
 * @param title what was looked at, such as "Podman"
 * @param mend what {@code envctl setup} would do about it, a sentence; empty where it can or need do nothing
 */
public record Row(String title, Need need, Outcome outcome, Optional<String> mend) {
    /** Whether environments cannot run, or stand-ins not be built, until this is mended. */
    public boolean isBlocking() {
        return need.isRequired() && outcome.isTrouble();
    }
}
