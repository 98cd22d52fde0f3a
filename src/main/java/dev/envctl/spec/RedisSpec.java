package dev.envctl.spec;

import java.util.OptionalInt;

/**
 * The Redis service.
 *
 * @param image its name in images.lock
 * @param databases how many numbered databases it has; index 0 is reserved
 * @param port the host port asked for; empty for any free one of the range
 */
public record RedisSpec(String image, int databases, Storage storage, Resources resources, OptionalInt port) {}
