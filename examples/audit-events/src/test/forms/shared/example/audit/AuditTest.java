package example.audit;

import org.junit.jupiter.api.BeforeEach;

/** All test processes use the one database and the one Redis, and clean them before each test. */
abstract class AuditTest extends Scenario {
    @BeforeEach
    void connect() throws Exception {
        begin(
                Connections.to(
                        System.getProperty("postgres.jdbcUrl"),
                        System.getProperty("postgres.user"),
                        System.getProperty("postgres.password"),
                        System.getProperty("redis.url")),
                "");
    }
}
