package dev.envctl.image;

import java.time.Duration;
import java.util.List;

/**
 * An image, and what it took to get it.
 *
 * @param bytes of layers that came over the network, repeated ones included; 0 if it was here
 * @param sources the hosts of the registries and mirrors that sent them
 */
record PulledImage(ImageArchive archive, long bytes, Duration took, List<String> sources) {
    static PulledImage here(ImageArchive archive) {
        return new PulledImage(archive, 0, Duration.ZERO, List.of());
    }
}
