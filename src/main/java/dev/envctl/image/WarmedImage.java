package dev.envctl.image;

import java.time.Duration;
import java.util.List;

/**
 * An image that is on this machine now, and what it took.
 *
 * @param pinned as images.lock has it
 * @param bytes of layers that came over the network; 0 if nothing had to come
 * @param sources the hosts that sent them, else {@code cache}, or {@code stand-in} for one of this machine's own, or
 *     {@code build} for one that was built now
 */
public record WarmedImage(PinnedImage pinned, ImageArchive archive, long bytes, Duration took, List<String> sources) {
    static final String CACHE = "cache";
    static final String STAND_IN = "stand-in";
    static final String BUILD = "build";

    public WarmedImage {
        sources = List.copyOf(sources);
    }

    /** Such as {@code registry.example, mirror.example}. */
    public String from() {
        return String.join(", ", sources);
    }

    static WarmedImage here(PinnedImage pinned, ImageArchive archive) {
        var source = archive.standIn() ? STAND_IN : CACHE;
        return new WarmedImage(pinned, archive, 0, Duration.ZERO, List.of(source));
    }

    static WarmedImage pulled(PinnedImage pinned, PulledImage pulled) {
        // Another process may have fetched it while we waited; and an image may have no layers at all.
        var sources = pulled.sources().isEmpty() ? List.of(CACHE) : pulled.sources();
        return new WarmedImage(pinned, pulled.archive(), pulled.bytes(), pulled.took(), sources);
    }

    static WarmedImage built(PinnedImage pinned, ImageArchive archive, Duration took) {
        return new WarmedImage(pinned, archive, 0, took, List.of(BUILD));
    }
}
