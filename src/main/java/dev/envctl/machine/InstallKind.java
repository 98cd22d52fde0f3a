package dev.envctl.machine;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Builds kind with Go into envctl's cache.
 *
 * @param cache envctl's cache directory
 */
record InstallKind(Path cache) implements Mend {
    static final String VERSION = "v0.33.0";
    private static final String MODULE = "sigs.k8s.io/kind@" + VERSION;

    /** Cross-compiling refuses a GOBIN, and flags meant for another module break this one. */
    private static final Map<String, String> PLAIN =
            Map.of("GOFLAGS", "", "GOOS", "", "GOARCH", "", "GOWORK", "off", "CGO_ENABLED", "0", "GO111MODULE", "on");

    static Path target(Path cache) {
        return cache.resolve("bin").resolve("kind");
    }

    List<String> commands() {
        return List.of("GOBIN=%s go install %s".formatted(cache.resolve("bin"), MODULE));
    }

    @Override
    public String phase() {
        return "install kind";
    }

    @Override
    public String sentence() {
        return "Build kind %s with Go into %s.".formatted(VERSION, target(cache));
    }

    @Override
    public boolean needsNetwork() {
        return true;
    }

    @Override
    public Duration estimate() {
        return Duration.ofSeconds(60);
    }

    @Override
    public void perform(Workshop workshop) {
        var folder = cache.resolve("bin").resolve(".building");
        try {
            Files.createDirectories(folder);
            var environment = new HashMap<>(PLAIN);
            environment.put("GOBIN", folder.toString());
            workshop.run(Command.of("go", "install", MODULE).with(environment).in(cache))
                    .orThrow("Run it by hand to see what Go says: " + commands().get(0));
            // Go may copy instead of renaming: half a kind must never be found.
            Files.move(
                    folder.resolve("kind"),
                    target(cache),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            throw new EnvctlException(
                    FailureKind.FAILED,
                    "kind cannot be put into %s: %s.".formatted(cache.resolve("bin"), e),
                    "See that the folder can be written, or name another with ENVCTL_CACHE.",
                    e);
        }
    }
}
