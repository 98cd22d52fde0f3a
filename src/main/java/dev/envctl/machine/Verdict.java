package dev.envctl.machine;

import java.util.List;
import java.util.Optional;

/**
 * What a check found, and what envctl itself can do about it.
 *
 * @param mends in the order they must be done; empty where there is no trouble or none that can be mended from here
 */
record Verdict(Outcome outcome, List<Mend> mends) {
    Verdict {
        mends = List.copyOf(mends);
    }

    static Verdict of(Outcome outcome) {
        return new Verdict(outcome, List.of());
    }

    static Verdict of(Outcome outcome, Optional<? extends Mend> mend) {
        return new Verdict(outcome, mend.map(List::<Mend>of).orElse(List.of()));
    }
}
