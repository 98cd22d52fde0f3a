package dev.envctl.cluster;

/**
 * An image that a node is to have.
 *
 * @param archive an OCI archive of one platform's manifest, as a path inside the node
 * @param repository fully qualified, without tag and digest
 * @param reference {@code repository@digest}
 */
public record Delivery(String archive, String repository, String reference) {}
