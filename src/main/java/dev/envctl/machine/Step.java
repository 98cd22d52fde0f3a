package dev.envctl.machine;

import java.time.Duration;

/**
 * Something {@code envctl setup} will do.
 *
 * @param sentence what, for the user to agree to
 * @param estimate about how long it takes
 */
public record Step(String sentence, Duration estimate) {}
