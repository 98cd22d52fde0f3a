package dev.envctl.environment;

import dev.envctl.engine.EngineWarmUp;
import dev.envctl.kubernetes.ClientWarmUp;
import dev.envctl.service.DriverWarmUp;

/** Loads the clients of everything that {@code up} talks to, without talking to anything. */
public final class Rehearsal implements Runnable {
    @Override
    public void run() {
        new EngineWarmUp().run();
        new ClientWarmUp().run();
        new DriverWarmUp().run();
    }
}
