package dev.envctl.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A cache that has no images yet, with the programs and installed builds of the real one. */
final class OwnCache {
    private OwnCache() {}

    static Path in(Path folder) throws IOException {
        var cache = Files.createDirectory(folder.resolve("cache"));
        for (var shared : new String[] {"bin", "dist"}) {
            var real = Project.cache().resolve(shared);
            if (Files.exists(real)) {
                Files.createSymbolicLink(cache.resolve(shared), real);
            }
        }
        return cache;
    }
}
