package dev.envctl.machine;

import java.util.List;

/**
 * What a check found.
 *
 * @param text for OK what was found, for MISSING and WRONG the problem in one line, for NOT_APPLICABLE why
 * @param commands what mends it, ready to paste, in order; empty where there is nothing to mend, or no command for it
 */
public record Outcome(State state, String text, List<String> commands) {
    /** Whether what was looked for is there and good. */
    public enum State {
        OK,
        MISSING,
        WRONG,
        NOT_APPLICABLE
    }

    public Outcome {
        commands = List.copyOf(commands);
    }

    static Outcome ok(String found) {
        return new Outcome(State.OK, found, List.of());
    }

    static Outcome missing(String problem, List<String> commands) {
        return new Outcome(State.MISSING, problem, commands);
    }

    static Outcome wrong(String problem, List<String> commands) {
        return new Outcome(State.WRONG, problem, commands);
    }

    static Outcome notApplicable(String why) {
        return new Outcome(State.NOT_APPLICABLE, why, List.of());
    }

    /** Whether there is something to mend. */
    public boolean isTrouble() {
        return state == State.MISSING || state == State.WRONG;
    }
}
