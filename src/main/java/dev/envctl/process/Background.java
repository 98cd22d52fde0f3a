package dev.envctl.process;

/** A program that runs beside us until it ends or is ended. */
public interface Background {
    long pid();

    boolean alive();

    /** Its exit status; only once it has ended. */
    int exitCode();

    /**
     * Lets it run on without us; nothing else may be asked of it then. A JVM that ends with a child waits 0.3 s for the thread
     * that waits for the child's end: not where the child was started detached and left.
     */
    void leave();

    /** Ends it and its descendants, politely first; returns when they are gone. */
    void end();
}
