package dev.envctl.engine;

import java.util.Locale;

/** The container engines that kind runs on. */
public enum EngineKind {
    PODMAN,
    DOCKER;

    /** The name of its program, and of kind's provider for it. */
    public String program() {
        return name().toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return this == PODMAN ? "Podman" : "Docker";
    }
}
