package dev.envctl.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class RedisUsageTest {
    /** Redis 8.0. */
    private static final String CLIENTS = """
            id=3 addr=127.0.0.1:1 laddr=127.0.0.1:6379 fd=8 name= age=2 db=0 user=default lib-name= lib-ver=
            id=30 addr=127.0.0.1:2 laddr=127.0.0.1:6379 fd=9 name=envctl-worker-2-x age=1 db=2 user=worker-2 lib-name=
            id=31 addr=127.0.0.1:3 laddr=127.0.0.1:6379 fd=9 name=user=me age=1 db=2 user=worker-2 lib-name=
            """;

    private static final String INFO = """
            # Keyspace\r
            db0:keys=1,expires=0,avg_ttl=0,subexpiry=0\r
            db11:keys=20,expires=3,avg_ttl=9,subexpiry=0\r
            # Memory\r
            used_memory:1048576\r
            used_memory_human:1.00M\r
            maxmemory:201326592\r
            """;

    @Test
    void countsConnectionsByUserButNotOurOwn() {
        var usage = RedisUsage.of(CLIENTS, "id=3 ", INFO);

        assertThat(usage.clients()).isEqualTo(Map.of("worker-2", 2));
    }

    @Test
    void readsKeysAndMemory() {
        var usage = RedisUsage.of(CLIENTS, "id=3 ", INFO);

        assertThat(usage.keys()).isEqualTo(Map.of(0, 1L, 11, 20L));
        assertThat(usage.memory()).isEqualTo(1 << 20);
        assertThat(usage.limit()).isEqualTo(192 << 20);
    }

    @Test
    void knowsAllWorkersThatUseIt() {
        assertThat(RedisUsage.of(CLIENTS, "id=3 ", INFO).workers()).containsExactly(2, 11);
    }
}
