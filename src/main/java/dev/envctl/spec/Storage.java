package dev.envctl.spec;

/** Where a service keeps its data; either way it goes with the environment. */
public enum Storage {
    /** A memory-backed volume: fast, counts against the memory limit. */
    MEMORY,
    /** The node's disk. */
    DISK
}
