package dev.envctl;

import java.time.Duration;

/** Where work tells what it is doing. Implementations must be safe to call from several threads. */
@FunctionalInterface
public interface Progress {
    /** Says nothing. */
    Progress SILENT = event -> {};

    void report(Event event);

    default void note(String message) {
        report(new Note(message));
    }

    default void warn(String message) {
        report(new Warning(message));
    }

    /** What {@code phase} is doing or waiting for right now, with the last reason why it is not done. */
    default void waiting(String phase, String reason) {
        report(new Waiting(phase, reason));
    }

    /** Something that happened; phases are named by verb phrases such as {@code create cluster}. */
    sealed interface Event {}

    record Started(String phase) implements Event {}

    record Waiting(String phase, String reason) implements Event {}

    record Finished(String phase, Outcome outcome, Duration took) implements Event {}

    /** Something the user should know. */
    record Note(String message) implements Event {}

    /** Something the user should probably act on. */
    record Warning(String message) implements Event {}

    enum Outcome {
        OK,
        FAILED,
        CANCELLED
    }
}
