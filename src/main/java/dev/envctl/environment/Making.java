package dev.envctl.environment;

import dev.envctl.cluster.Labels;
import dev.envctl.image.PinnedImage;
import dev.envctl.spec.EnvironmentSpec;
import java.util.List;
import java.util.Map;

/**
 * What every phase of {@code up} knows from the start.
 *
 * @param images what images.lock says of the images in {@link EnvironmentSpec#images}, in that order
 * @param madeFrom stands for all the settings, as {@link dev.envctl.spec.Fingerprint#digest} says it
 */
record Making(
        EnvironmentSpec spec,
        List<PinnedImage> images,
        EnvironmentDirectory directory,
        Identity identity,
        String madeFrom,
        Tools tools,
        Journal journal) {
    Making {
        images = List.copyOf(images);
    }

    /** The labels on every Kubernetes object. */
    Map<String, String> labels() {
        return Map.of(
                Labels.ENVIRONMENT, identity.name(),
                Labels.ID, identity.id(),
                Labels.EPOCH, Integer.toString(identity.epoch()));
    }
}
