package dev.envctl.image;

import dev.envctl.CacheDirectory;
import dev.envctl.Progress;
import dev.envctl.machine.FakeMachine;
import dev.envctl.readiness.Deadline;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Images of a cache that holds one, fetched from a registry that is gone now. */
public record FetchedImages(Images images, PinnedImage pinned) {
    /**
     * Fetches it.
     *
     * @param folder for the cache
     */
    public static FetchedImages in(Path folder, String name) {
        var sample = new SampleImage("amd64");
        try (var server = new ScriptedRegistry().serving("kind/" + name, sample)) {
            var programs = FakeMachine.programs();
            var registry = new Registry(Map.of(), new CredentialFiles(Map.of(), folder.resolve("home"), programs));
            var images = new Images(
                    new CacheDirectory(folder.resolve("cache")),
                    folder.resolve("no-recipes"),
                    programs,
                    registry,
                    new Offline(Map.of()),
                    new Platform("linux", "amd64"));
            var pinned = sample.pinned(name, server.repository("kind/" + name));
            images.source().obtain(List.of(pinned), Progress.SILENT, Deadline.in(Duration.ofSeconds(30)));
            return new FetchedImages(images, pinned);
        }
    }
}
