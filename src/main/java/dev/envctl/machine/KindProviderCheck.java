package dev.envctl.machine;

import dev.envctl.spec.ClusterSpec.EngineChoice;
import java.util.Locale;

/** A note where the user's own choice of provider for kind differs from the engine envctl uses. */
record KindProviderCheck(Machine machine, EngineChoice engine) implements Check {
    static final String VARIABLE = "KIND_EXPERIMENTAL_PROVIDER";

    @Override
    public String title() {
        return VARIABLE;
    }

    @Override
    public Need need() {
        return Need.ADVICE;
    }

    @Override
    public Verdict look() {
        var value = machine.environment().get(VARIABLE);
        var ours = engine.name().toLowerCase(Locale.ROOT);
        if (value == null || value.isEmpty()) {
            return Verdict.of(Outcome.notApplicable("it is not set"));
        }
        return Verdict.of(Outcome.ok(
                value.equals(ours)
                        ? value
                        : "it is set to %s, but envctl uses kind with %s here and sets it so for its own calls"
                                .formatted(value, ours)));
    }
}
