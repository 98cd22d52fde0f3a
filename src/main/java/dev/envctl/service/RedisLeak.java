package dev.envctl.service;

import java.util.List;

/**
 * What is in the reserved index 0, where every connection starts: a program that never selected its own index wrote it.
 *
 * @param keys how many there are
 * @param some names of a few
 */
public record RedisLeak(long keys, List<String> some) {
    public RedisLeak {
        some = List.copyOf(some);
    }
}
