package dev.envctl;

import java.nio.file.Path;
import java.util.Map;

/**
 * Where this user's images, stand-ins and downloaded programs are kept, across environments and projects. It may be
 * deleted at any time while nothing runs.
 *
 * @param path absolute; need not exist yet
 */
public record CacheDirectory(Path path) {
    public CacheDirectory {
        path = path.toAbsolutePath().normalize();
    }

    /**
     * {@code ENVCTL_CACHE}, or {@code envctl} below {@code XDG_CACHE_HOME} or {@code ~/.cache}.
     *
     * @param environment the process environment
     * @param home the user's home directory
     */
    public static CacheDirectory of(Map<String, String> environment, Path home) {
        var own = environment.getOrDefault("ENVCTL_CACHE", "");
        if (!own.isBlank()) {
            return new CacheDirectory(Path.of(own));
        }
        var shared = environment.getOrDefault("XDG_CACHE_HOME", "");
        // The XDG base directory specification says to ignore relative paths.
        var base = shared.startsWith("/") ? Path.of(shared) : home.resolve(".cache");
        return new CacheDirectory(base.resolve("envctl"));
    }

    /** Programs that set-up installed, such as {@code kind}. */
    public Path bin() {
        return path.resolve("bin");
    }
}
