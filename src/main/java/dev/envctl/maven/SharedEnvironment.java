package dev.envctl.maven;

import dev.envctl.EnvctlException;
import dev.envctl.environment.HandOff;
import java.nio.file.Path;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An environment that several modules of a build use: the first one that needs it makes it, the others wait for that. */
final class SharedEnvironment {
    private final Path directory;
    private @Nullable Held held;
    private @Nullable EnvctlException failure;

    SharedEnvironment(Path directory) {
        this.directory = directory;
    }

    /** A ready environment, and how its use is ended. */
    record Held(HandOff handOff, Runnable leave) {}

    /** @throws EnvctlException also where it has failed for another module before: trying again would only take longer */
    synchronized HandOff ready(Supplier<Held> make) {
        if (failure != null) {
            throw failure;
        }
        if (held == null) {
            try {
                held = make.get();
            } catch (EnvctlException e) {
                failure = e;
                throw e;
            }
        }
        return held.handOff();
    }

    /** Does nothing where it is not in use. What fails is tried again with the next call. */
    synchronized void leave() {
        if (held != null) {
            held.leave().run();
            held = null;
        }
    }

    @Override
    public String toString() {
        return "Environment " + directory.getFileName();
    }
}
