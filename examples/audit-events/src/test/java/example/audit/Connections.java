package example.audit;

import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import redis.clients.jedis.ConnectionPoolConfig;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.util.JedisURIHelper;

/** To Postgres and Redis: opened and migrated once in a test process, and cleaned before each test. */
final class Connections {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static Connections opened;

    private final Database database;
    private final RedisClient redis;

    private Connections(Database database, RedisClient redis) {
        this.database = database;
        this.redis = redis;
    }

    static synchronized Connections to(String jdbcUrl, String user, String password, String redisUrl) throws Exception {
        if (opened == null) {
            var database = new Database(jdbcUrl, user, password);
            new Migrations(database, Migration.released(), PATIENCE).run();
            opened = new Connections(database, redis(URI.create(redisUrl)));
        }
        return opened;
    }

    private static RedisClient redis(URI url) {
        var pool = new ConnectionPoolConfig();
        pool.setJmxEnabled(false);
        pool.setMaxWait(PATIENCE);
        return RedisClient.builder()
                .hostAndPort(new HostAndPort(url.getHost(), url.getPort()))
                .clientConfig(DefaultJedisClientConfig.builder()
                        .user(JedisURIHelper.getUser(url))
                        .password(JedisURIHelper.getPassword(url))
                        .database(JedisURIHelper.getDBIndex(url))
                        .build())
                .poolConfig(pool)
                .build();
    }

    void clean() throws SQLException {
        database.execute("TRUNCATE events, tenants, counts, counted");
        redis.flushDB();
    }

    Database database() {
        return database;
    }

    RedisClient redis() {
        return redis;
    }
}
