package dev.envctl.scripted;

import java.util.List;
import java.util.Random;

/**
 * When a process is killed: at one of its steps.
 *
 * @param step the beginning of the step's name; empty for any
 * @param occurrence which of the steps that match, from 1
 */
record Strike(String step, int occurrence, Moment moment) {
    private static final List<Moment> MOMENTS = List.of(Moment.BEFORE, Moment.HALFWAY, Moment.AFTER);

    enum Moment {
        BEFORE,
        /** Of a write, a part is written; what an engine was asked for, it does a little later. */
        HALFWAY,
        AFTER
    }

    /** Any of the moments. */
    static Moment moment(Random random) {
        return MOMENTS.get(random.nextInt(MOMENTS.size()));
    }

    static Strike never() {
        return new Strike("", 0, Moment.BEFORE);
    }

    static Strike at(int step, Moment moment) {
        return new Strike("", step, moment);
    }

    @Override
    public String toString() {
        return occurrence == 0 ? "never" : "%s step %d `%s`".formatted(moment, occurrence, step);
    }
}
