package dev.envctl.service;

/**
 * The image of a service.
 *
 * @param reference {@code repository@sha256:…}, never a tag
 */
public record ServiceImage(String reference, PullPolicy pullPolicy) {
    /** What the kubelet does when the node does not hold the image. */
    public enum PullPolicy {
        /** Fails: the image was brought to the node before. */
        NEVER("Never"),
        IF_NOT_PRESENT("IfNotPresent");

        private final String word;

        PullPolicy(String word) {
            this.word = word;
        }

        /** As Kubernetes spells it. */
        String word() {
            return word;
        }
    }

    public ServiceImage {
        if (!reference.contains("@sha256:")) {
            throw new IllegalArgumentException("an image is named by its digest: " + reference);
        }
    }
}
