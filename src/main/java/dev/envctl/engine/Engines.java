package dev.envctl.engine;

import dev.envctl.spec.ClusterSpec.EngineChoice;
import java.nio.file.Path;
import java.time.Duration;

/** The container engines of this machine. {@link EngineFinder} finds the real ones; tests script a fake. */
public interface Engines {
    /**
     * The engine asked for, or with {@code AUTO}: the one that KIND_EXPERIMENTAL_PROVIDER names, else Podman where its
     * program is installed, else Docker.
     *
     * @param callLimit how long any single answer of it may take
     * @param scratch a private directory of ours, for the socket and the log of a Podman service that we start
     * @throws dev.envctl.EnvctlException PREREQUISITE with all that was found, where no engine answers
     */
    Engine find(EngineChoice choice, Duration callLimit, Path scratch);
}
