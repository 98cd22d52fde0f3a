package dev.envctl.engine;

import dev.envctl.EnvctlException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;

/** Loads the classes that talking to an engine needs, with a question to a port where nothing listens. Never fails. */
public final class EngineWarmUp implements Runnable {
    private static final URI NOWHERE = URI.create("tcp://127.0.0.1:9");

    @Override
    public void run() {
        try (var engine =
                new ApiEngine(EngineKind.PODMAN, NOWHERE, Map.of(), Duration.ofSeconds(1), () -> {}, () -> {})) {
            engine.version();
        } catch (EnvctlException e) {
            // Expected: nobody answers.
            return;
        }
    }
}
