package dev.envctl.suite;

import dev.envctl.kubernetes.KubernetesApi;
import dev.envctl.kubernetes.PodStreams;
import dev.envctl.readiness.Wait;
import java.util.Map;
import java.util.OptionalLong;

/**
 * What suites run in.
 *
 * @param images {@code repository@sha256:…} of each image that the nodes hold, by its name in images.lock
 * @param keeper the reference of an image that has a shell and tar; empty where none is known to
 * @param peaks asked before a pod is removed
 */
public record Cluster(
        KubernetesApi api,
        PodStreams streams,
        Wait waits,
        Map<String, String> images,
        String keeper,
        PeakMemory peaks) {
    public Cluster {
        images = Map.copyOf(images);
    }

    /** The most memory that pods have taken. */
    @FunctionalInterface
    public interface PeakMemory {
        /**
         * That of all containers of a pod together so far.
         *
         * @param uid the pod's
         * @return bytes; empty where nobody can tell
         */
        OptionalLong of(String node, String uid);
    }
}
