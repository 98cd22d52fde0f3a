package dev.envctl.spec;

/**
 * What a container may use.
 *
 * @param memory the limit, a Kubernetes quantity such as {@code 512Mi}
 */
public record Resources(String memory) {}
