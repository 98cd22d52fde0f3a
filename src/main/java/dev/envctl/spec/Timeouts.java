package dev.envctl.spec;

import java.time.Duration;

/**
 * How long each part may take; every one is also bounded by {@code total}.
 *
 * @param setup installing what is missing and building stand-in images
 * @param engine any single answer of the container engine
 * @param pull pulling and verifying all images
 * @param cluster creating the cluster until its nodes are ready
 * @param services deploying Postgres and Redis until they answer
 * @param manifests each of the user's manifests until it is ready
 * @param teardown removing everything
 * @param total the whole of {@code up}, set-up apart
 */
public record Timeouts(
        Duration setup,
        Duration engine,
        Duration pull,
        Duration cluster,
        Duration services,
        Duration manifests,
        Duration teardown,
        Duration total) {
    /** For a removal, which does not read the environment file: that may have been changed or deleted since. */
    public static final Timeouts OF_REMOVAL = new Timeouts(
            Duration.ofMinutes(1),
            Duration.ofSeconds(30),
            Duration.ofMinutes(1),
            Duration.ofMinutes(1),
            Duration.ofMinutes(1),
            Duration.ofMinutes(1),
            Duration.ofMinutes(1),
            Duration.ofMinutes(5));
}
