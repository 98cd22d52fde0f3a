package dev.envctl.scripted;

/** What every step of a process that was killed ends with: no effect follows, and no catch block of the product takes it. */
final class Killed extends Error {
    private static final long serialVersionUID = 1;

    Killed() {
        super("kill -9", null, false, false);
    }
}
