package dev.envctl.service;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AddressesTest {
    private static final ServiceEndpoint HOST = ServiceEndpoint.onLoopback(15000);

    @Test
    void encodesEveryPartOfAPostgresUrl() {
        var address = new PostgresAddress(HOST, "a@b", "p/w d:é%", "my db?");

        assertThat(address.url()).isEqualTo("postgresql://a%40b:p%2Fw%20d%3A%C3%A9%25@127.0.0.1:15000/my%20db%3F");
    }

    @Test
    void leavesThePasswordOutOfTheJdbcUrl() {
        assertThat(new PostgresAddress(HOST, "u", "secret", "d").jdbcUrl())
                .isEqualTo("jdbc:postgresql://127.0.0.1:15000/d");
    }

    @Test
    void namesUserAndIndexInARedisUrl() {
        assertThat(new RedisAddress(HOST, "worker-3", "p+w", 3).url())
                .isEqualTo("redis://worker-3:p%2Bw@127.0.0.1:15000/3");
    }

    @Test
    void showsNoPasswordInLogs() {
        var lease = new PostgresLease(
                1,
                new PostgresAddress(HOST, "u", "secret", "d"),
                new PostgresAddress(PostgresService.inCluster(), "u", "secret", "d"));

        assertThat(lease.toString() + new RedisAddress(HOST, "u", "secret", 1)).doesNotContain("secret");
        assertThat(lease.inCluster()).hasToString("u@postgres.envctl.svc.cluster.local:5432/d");
    }
}
