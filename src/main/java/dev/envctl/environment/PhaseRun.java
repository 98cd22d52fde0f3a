package dev.envctl.environment;

import dev.envctl.Progress;
import dev.envctl.readiness.Deadline;

/**
 * What a running phase is given.
 *
 * @param phase its name
 * @param deadline its own, inside the total
 */
record PhaseRun(String phase, Deadline deadline, Progress progress) {
    /** Tells what is waited for right now and why it is not there yet. */
    void waiting(String reason) {
        progress.waiting(phase, reason);
    }

    void note(String message) {
        progress.note(message);
    }
}
