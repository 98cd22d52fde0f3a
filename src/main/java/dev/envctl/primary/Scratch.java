package dev.envctl.primary;

import dev.envctl.CacheDirectory;
import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.environment.EnvironmentDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A private folder of the cache for whoever has none of an environment, deleted at the end. */
record Scratch(Path path) implements AutoCloseable {
    static Scratch in(CacheDirectory cache) {
        EnvironmentDirectory.privateDirectory(cache.path());
        try {
            // A name of its own, and private.
            return new Scratch(Files.createTempDirectory(cache.path(), "gc-"));
        } catch (IOException e) {
            throw new EnvctlException(
                    FailureKind.FAILED,
                    "%s cannot be written: %s".formatted(cache.path(), e.getMessage()),
                    "Check free space and who owns it.",
                    e);
        }
    }

    @Override
    public void close() {
        EnvironmentDirectory.delete(path);
    }
}
