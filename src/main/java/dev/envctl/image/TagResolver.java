package dev.envctl.image;

import dev.envctl.AtOnce;
import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.Progress;
import dev.envctl.readiness.Deadline;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Asks registries which digests tags name now. */
final class TagResolver {
    static final String PHASE = "lock images";

    /** Those for which kind publishes node images. Each costs a request, and Docker Hub counts requests. */
    private static final List<Platform> PLATFORMS =
            List.of(new Platform("linux", "amd64"), new Platform("linux", "arm64"));

    private final Registry registry;

    TagResolver(Registry registry) {
        this.registry = registry;
    }

    /**
     * All of them, or a failure.
     *
     * @throws EnvctlException PREREQUISITE if a registry does not answer; IMAGE if one does not have a tag; TIMEOUT
     */
    List<PinnedImage> resolve(List<TagRequest> requests, Progress progress, Deadline deadline) {
        var repositories = requests.stream().map(TagRequest::repository).toList();
        var reachability = Reachability.of(repositories, registry::silent);
        if (!repositories.stream().allMatch(reachability::reaches)) {
            throw new EnvctlException(
                    FailureKind.PREREQUISITE,
                    "No registry answers: %s.".formatted(reachability.reasons()),
                    "Run it on a machine that reaches the registry; images.lock was not changed.");
        }
        return AtOnce.each("Fetching images", 4, requests, request -> resolve(request, progress, deadline));
    }

    private PinnedImage resolve(TagRequest request, Progress progress, Deadline deadline) {
        Consumer<String> say = reason -> progress.waiting(PHASE, request.name() + ": " + reason);
        var named = registry.tag(request.repository(), request.tag(), deadline, say);
        var platforms = named.isIndex()
                ? fromIndex(request, named, deadline, say)
                : fromManifest(request, named, deadline, say);
        return new PinnedImage(
                request.name(),
                request.repository().toString(),
                request.tag(),
                named.digest(),
                platforms,
                request.build());
    }

    private Map<Platform, PlatformImage> fromIndex(
            TagRequest request, Document index, Deadline deadline, Consumer<String> say) {
        var platforms = new HashMap<Platform, PlatformImage>();
        for (var entry : index.manifests()) {
            var platform = entry.platform();
            if (platform != null && PLATFORMS.contains(platform) && !platforms.containsKey(platform)) {
                var manifest = registry.manifest(request.repository(), entry.digest(), deadline, say);
                platforms.put(platform, new PlatformImage(entry.digest(), manifest.contentSize()));
            }
        }
        return platforms;
    }

    private Map<Platform, PlatformImage> fromManifest(
            TagRequest request, Document manifest, Deadline deadline, Consumer<String> say) {
        var config = registry.config(request.repository(), manifest.config(), deadline, say);
        return Map.of(config.platform(), new PlatformImage(manifest.digest(), manifest.contentSize()));
    }
}
