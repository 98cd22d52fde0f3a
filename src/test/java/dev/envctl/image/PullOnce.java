package dev.envctl.image;

import dev.envctl.CacheDirectory;
import dev.envctl.Progress;
import dev.envctl.process.SystemPrograms;
import dev.envctl.readiness.Deadline;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** A process of its own that obtains every image of a lock file and prints their references. */
final class PullOnce {
    private PullOnce() {}

    public static void main(String[] arguments) {
        var cache = Path.of(arguments[1]);
        var images = new Images(
                new CacheDirectory(cache),
                cache.resolve("no-recipes"),
                new SystemPrograms(),
                Map.of(),
                cache.resolve("no-home"));
        images.source()
                .obtain(
                        ImageLock.read(Path.of(arguments[0])).images(),
                        Progress.SILENT,
                        Deadline.in(Duration.ofSeconds(30)))
                .forEach(archive -> System.out.println(archive.reference()));
    }
}
