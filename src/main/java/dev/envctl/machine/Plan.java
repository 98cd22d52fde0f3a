package dev.envctl.machine;

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
}
