package dev.envctl.service;

import java.util.List;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.params.ScanParams;

/**
 * What is in the reserved index 0, where every connection starts: a program that never selected its own index wrote it.
 *
 * @param keys how many there are
 * @param some names of a few
 */
public record RedisLeak(long keys, List<String> some) {
    private static final int SHOWN = 5;

    public RedisLeak {
        some = List.copyOf(some);
    }

    /** Names of a few keys in the index that the session has selected. */
    static List<String> some(Jedis session) {
        var found = session.scan(ScanParams.SCAN_POINTER_START, new ScanParams().count(SHOWN));
        return found.getResult().stream().limit(SHOWN).toList();
    }
}
