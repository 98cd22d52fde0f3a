package dev.envctl.service;

import dev.envctl.readiness.Answer;

/** Asks a service once, the way a worker will ask it. */
@FunctionalInterface
public interface Probe {
    /** Takes at most a few seconds. */
    Answer<Boolean> ask();
}
