package dev.envctl.cluster;

import java.nio.file.Path;

/** A file or folder of the host that every node sees read-only. */
public record Mount(Path hostPath, String nodePath) {}
