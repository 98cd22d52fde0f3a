package dev.envctl.engine;

import java.util.Set;

/**
 * An image in the engine's store.
 *
 * @param id the digest of its configuration, {@code sha256:…}
 * @param digests every {@code repository@sha256:…} the engine knows it by
 */
public record EngineImage(String id, Set<String> digests) {
    public EngineImage {
        digests = Set.copyOf(digests);
    }
}
