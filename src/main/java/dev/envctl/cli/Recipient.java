package dev.envctl.cli;

import java.util.function.Supplier;

/** Where a command's handout goes. */
@FunctionalInterface
interface Recipient {
    void take(Handout handout);

    /** There will be none. Most say no more than the failure itself does. */
    default void takeFailure(Supplier<String> markdown) {}
}
