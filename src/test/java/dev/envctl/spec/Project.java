package dev.envctl.spec;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.envctl.EnvctlException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** A project in a temporary directory whose environment files a test writes. */
record Project(Path root) {
    static final String HEAD = """
            apiVersion: envctl.dev/v1
            kind: Environment
            metadata: {name: e2e}
            """;

    /** Writes a file, with the folders it needs. */
    Project with(String path, String content) {
        return with(path, content.getBytes(StandardCharsets.UTF_8));
    }

    Project with(String path, byte[] content) {
        try {
            var file = root.resolve(path);
            Files.createDirectories(file.resolveSibling("."));
            Files.write(file, content);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Writes environments/e2e.yaml. */
    Project environment(String text) {
        return with("environments/e2e.yaml", text);
    }

    EnvironmentSpec load() {
        return load(Overrides.none());
    }

    EnvironmentSpec load(Overrides overrides) {
        return EnvironmentFiles.around(root).load("e2e", overrides);
    }

    EnvctlException failure() {
        return failure(Overrides.none());
    }

    EnvctlException failure(Overrides overrides) {
        var failure = catchThrowableOfType(EnvctlException.class, () -> load(overrides));
        if (failure == null) {
            throw new AssertionError("the environment file was read without a complaint");
        }
        return failure;
    }

    /** What is wrong with environments/e2e.yaml that has these lines after the usual first three. */
    String problemOf(String lines) {
        return environment(HEAD + lines).failure().problem();
    }
}
