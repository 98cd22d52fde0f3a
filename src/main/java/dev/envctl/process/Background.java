package dev.envctl.process;

/** A program that runs beside us until it ends or is ended. */
public interface Background {
    long pid();

    boolean alive();

    /** Its exit status; only once it has ended. */
    int exitCode();

    /** Ends it and its descendants, politely first; returns when they are gone. */
    void end();
}
