package dev.envctl.machine;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import java.util.List;

/**
 * What {@code envctl setup} will do, and what it cannot do.
 *
 * @param steps in order; empty where nothing is left to do
 * @param byHand what only the user can do, each with its commands
 */
public record Plan(List<Step> steps, List<Row> byHand) {
    public Plan {
        steps = List.copyOf(steps);
        byHand = List.copyOf(byHand);
    }

    /**
     * Makes sure that everything can be done offline.
     *
     * @throws EnvctlException PREREQUISITE with the steps that cannot
     */
    public void refuseOffline() {
        var fetching =
                steps.stream().filter(Step::needsNetwork).map(Step::sentence).toList();
        if (!fetching.isEmpty()) {
            throw new EnvctlException(
                    FailureKind.PREREQUISITE,
                    "Offline, and this machine lacks what comes from the network.",
                    "Unset ENVCTL_OFFLINE where there is a network, or install it by hand: `envctl doctor` shows the commands.",
                    fetching,
                    null);
        }
    }
}
