package dev.envctl.service;

import java.time.Duration;
import redis.clients.jedis.ClientSetInfoConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.Jedis;

/** Opens connections to Redis. */
final class RedisSession {
    private RedisSession() {}

    /** @param limit of the connecting and of each answer */
    static Jedis open(RedisAddress address, Duration limit) {
        var millis = (int) Math.max(1, Math.min(Integer.MAX_VALUE, limit.toMillis()));
        var configuration = DefaultJedisClientConfig.builder()
                .resp2()
                .clientSetInfoConfig(ClientSetInfoConfig.DISABLED)
                .connectionTimeoutMillis(millis)
                .socketTimeoutMillis(millis)
                .user(address.user())
                .password(address.password())
                .database(address.database())
                .build();
        var endpoint = address.endpoint();
        return new Jedis(new HostAndPort(endpoint.host(), endpoint.port()), configuration);
    }
}
