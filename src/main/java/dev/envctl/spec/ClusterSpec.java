package dev.envctl.spec;

/**
 * The cluster to create.
 *
 * @param image the node image's name in images.lock
 * @param workerNodes nodes besides the control plane, 0 to 10
 */
public record ClusterSpec(Provider provider, EngineChoice engine, String image, int workerNodes) {
    /** What makes the cluster. */
    public enum Provider {
        KIND
    }

    /** Which container engine to use. */
    public enum EngineChoice {
        AUTO,
        PODMAN,
        DOCKER
    }
}
