package dev.envctl.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.envctl.machine.ClosedPort;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;

class PrimaryApiTest {
    private final PrimaryApi api = new PrimaryApi();

    private static Lease lease(int port) {
        return new Lease(Map.of(
                "ENVCTL_WORKER", "1",
                "ENVCTL_TEST_ID", "w1-aa",
                "ENVCTL_API", "http://127.0.0.1:" + port,
                "ENVCTL_TOKEN", "token"));
    }

    @Test
    void anInterruptEndsTheWaitForAnAnswer()
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        try (var silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var failure = new CompletableFuture<Throwable>();
            var thread = new Thread(() -> {
                try {
                    api.reset(lease(silent.getLocalPort()));
                } catch (LeaseException e) {
                    failure.complete(e);
                }
            });
            thread.start();
            try (var asked = silent.accept()) {
                assertThat(asked.getInputStream().read()).isEqualTo('P');

                thread.interrupt();

                assertThat(failure.get(10, TimeUnit.SECONDS))
                        .hasMessage("Interrupted while asking the primary for /v1/leases/1/reset.");
            } finally {
                thread.join(Duration.ofSeconds(10).toMillis());
            }
        }
    }

    @Test
    void saysWhatToDoWhereNobodyListens() throws IOException {
        try (var nobody = new ClosedPort()) {
            assertThatThrownBy(() -> api.requireAlive(lease(nobody.number())))
                    .isInstanceOf(LeaseException.class)
                    .hasMessageContaining("nobody listens")
                    .hasMessageContaining("`envctl status`");
        }
    }

    @Test
    void refusesWhatIsNoApi() throws IOException, InterruptedException {
        try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var thread = new Thread(() -> {
                try (var asked = other.accept()) {
                    asked.getOutputStream()
                            .write("SSH-2.0-other\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            thread.start();

            assertThatThrownBy(() -> api.requireAlive(lease(other.getLocalPort())))
                    .isInstanceOf(LeaseException.class)
                    .hasMessageContaining("does not answer");
            thread.join();
        }
    }
}
