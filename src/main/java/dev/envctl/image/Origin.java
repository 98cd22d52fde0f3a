package dev.envctl.image;

/** Where an image comes from on this machine. */
public enum Origin {
    /** Fetched from its registry before, and kept. */
    ARCHIVE,
    /** Built by a recipe of this project, with the user's consent. */
    STAND_IN,
    /** Not here yet: its registry has to be asked. */
    REGISTRY
}
