package dev.envctl.cli;

/**
 * The configuration of {@code java.util.logging}: no handlers. Libraries log through it, and only the primary, which has a
 * log file, wants to hear them. The JVM makes one when something logs for the first time; resetting the log manager instead
 * would start it, and that searches every jar for a logging back-end (30 ms of each command).
 */
public final class SilentLogging {
    static void choose() {
        System.setProperty("java.util.logging.config.class", SilentLogging.class.getName());
    }
}
