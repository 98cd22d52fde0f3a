package dev.envctl.suite;

import dev.envctl.kubernetes.PodRun;
import java.util.Optional;

/**
 * How the work of a suite ended, before its reports are looked at.
 *
 * @param pod that it ended in, and that is still there to be asked; empty where there is none
 */
record Ending(Outcome outcome, String reason, Optional<PodRun> pod) {
    static Ending lost(String reason) {
        return new Ending(Outcome.UNKNOWN, reason, Optional.empty());
    }
}
