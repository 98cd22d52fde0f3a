package dev.envctl.machine;

import java.time.Duration;

/**
 * Something {@code envctl setup} will do.
 *
 * @param sentence what, for the user to agree to
 * @param estimate about how long it takes
 * @param needsNetwork whether what it needs may have to be fetched first
 */
public record Step(String sentence, Duration estimate, boolean needsNetwork) {}
