package dev.envctl.service;

import static org.assertj.core.api.Assertions.assertThat;

import dev.envctl.machine.ClosedPort;
import dev.envctl.readiness.Answer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ServiceReadinessTest {
    /** Takes connections and says nothing, as a published port does before there is a pod behind it. */
    @Test
    void givesUpOnAServerThatSaysNothing() throws Exception {
        try (var silent = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
            var endpoint = ServiceEndpoint.onLoopback(silent.getLocalPort());
            var started = System.nanoTime();

            var postgres = new PostgresProbe(new PostgresAddress(endpoint, "u", "p", "d")).ask();
            var redis = new RedisProbe(new RedisAddress(endpoint, "u", "p", 0)).ask();

            assertThat(postgres).isInstanceOf(Answer.NotYet.class);
            assertThat(redis).isInstanceOf(Answer.NotYet.class);
            assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(8));
        }
    }

    @Test
    void saysWhoWasAskedWhatAndWhy() throws Exception {
        try (var nobody = new ClosedPort()) {
            var endpoint = ServiceEndpoint.onLoopback(nobody.number());

            assertThat(new PostgresProbe(new PostgresAddress(endpoint, "u", "p", "d")).ask())
                    .isEqualTo(Answer.notYet("SELECT 1 as u@%s/d: Connection refused".formatted(endpoint)));
            assertThat(new RedisProbe(new RedisAddress(endpoint, "u", "p", 0)).ask())
                    .isEqualTo(Answer.notYet("PING as u@%s/0: Connection refused".formatted(endpoint)));
        }
    }
}
