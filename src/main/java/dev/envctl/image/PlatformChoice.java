package dev.envctl.image;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import java.util.stream.Collectors;

/** Which of an image's manifests this machine needs. */
final class PlatformChoice {
    private final Platform platform;

    PlatformChoice(Platform platform) {
        this.platform = platform;
    }

    Platform platform() {
        return platform;
    }

    /**
     * The digest of this machine's manifest.
     *
     * @param document what the image's digest names: an index, or the one manifest there is
     * @throws EnvctlException IMAGE if there is none, or images.lock names another one
     */
    Digest manifestOf(PinnedImage image, Document document) {
        var digest = document.isIndex() ? fromIndex(image, document) : document.digest();
        var locked = image.platforms().get(platform);
        if (locked != null && !locked.digest().equals(digest)) {
            throw new EnvctlException(
                    FailureKind.IMAGE,
                    "images.lock contradicts itself on %s: %s leads to %s on %s, not to %s."
                            .formatted(image.name(), image.digest(), digest, platform, locked.digest()),
                    "Run `envctl images lock`.");
        }
        return digest;
    }

    private Digest fromIndex(PinnedImage image, Document index) {
        var manifests = index.manifests();
        return manifests.stream()
                .filter(manifest -> platform.equals(manifest.platform()))
                .findFirst()
                .orElseThrow(() -> new EnvctlException(
                        FailureKind.IMAGE,
                        "%s (%s) has nothing for %s, only for %s."
                                .formatted(
                                        image.tagged(),
                                        image.digest(),
                                        platform,
                                        manifests.stream()
                                                .map(Descriptor::platform)
                                                .map(String::valueOf)
                                                .distinct()
                                                .collect(Collectors.joining(", "))),
                        "Lock a tag that has it: `envctl images lock %s=REPOSITORY:TAG`.".formatted(image.name())))
                .digest();
    }

    /** Some registries serve one manifest under every name: its configuration says what it really runs on. */
    void requireRunsHere(PinnedImage image, Document config) {
        if (!config.platform().equals(platform)) {
            throw new EnvctlException(
                    FailureKind.IMAGE,
                    "%s (%s) is for %s, and this machine is %s."
                            .formatted(image.tagged(), image.digest(), config.platform(), platform),
                    "Lock a tag that has it: `envctl images lock %s=REPOSITORY:TAG`.".formatted(image.name()));
        }
    }
}
