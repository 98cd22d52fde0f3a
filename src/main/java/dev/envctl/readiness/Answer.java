package dev.envctl.readiness;

import dev.envctl.EnvctlException;

/** What a question about readiness can be answered with. */
public sealed interface Answer<T> {
    static <T> Answer<T> ready(T value) {
        return new Ready<>(value);
    }

    static <T> Answer<T> notYet(String reason) {
        return new NotYet<>(reason);
    }

    static <T> Answer<T> hopeless(EnvctlException failure) {
        return new Hopeless<>(failure);
    }

    /** It is there. */
    record Ready<T>(T value) implements Answer<T> {}

    /** It may still come; the reason is shown while waiting and when time runs out. */
    record NotYet<T>(String reason) implements Answer<T> {}

    /** It will not heal: waiting ends at once with this failure. */
    record Hopeless<T>(EnvctlException failure) implements Answer<T> {}
}
