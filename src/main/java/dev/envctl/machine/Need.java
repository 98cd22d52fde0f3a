package dev.envctl.machine;

/** What a thing is needed for. */
public enum Need {
    /** Every environment, whatever the engine. */
    EVERY_ENGINE,
    /** Environments on Podman. */
    PODMAN,
    /** Environments on Docker. */
    DOCKER,
    /** Building stand-in images where no container registry answers. */
    STAND_INS,
    /** Nothing at once; without it environments are slower or fail sooner. */
    ADVICE;

    /** Whether trouble with it stops what was asked for. */
    public boolean isRequired() {
        return this != ADVICE;
    }
}
