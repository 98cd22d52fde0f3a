package dev.envctl;

import java.util.Objects;

/**
 * One mistake in a file that a user wrote.
 *
 * @param file as messages name it, best relative to where the user stands; empty for what is set outside of any file
 * @param line from 1; 0 outside of any file
 * @param column from 1; 0 outside of any file
 * @param message one sentence, without the place
 */
public record Place(String file, int line, int column, String message) {
    public Place {
        Objects.requireNonNull(file);
        Objects.requireNonNull(message);
    }
}
