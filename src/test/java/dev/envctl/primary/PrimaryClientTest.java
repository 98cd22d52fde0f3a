package dev.envctl.primary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpServer;
import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.process.KnownProcess;
import dev.envctl.spec.Inputs;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a client makes of answers that it did not hope for. */
@Timeout(60)
final class PrimaryClientTest {
    private final HttpServer server;
    private final PrimaryClient client;
    private volatile int code = 200;
    private volatile String text = "";

    PrimaryClientTest() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        client = new PrimaryClient(new PrimaryRecord(
                4711,
                "http://127.0.0.1:" + server.getAddress().getPort(),
                "token",
                "",
                "",
                Map.of(),
                Inputs.unknown(),
                ""));
    }

    @BeforeEach
    void start() {
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            var bytes = text.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(code, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private EnvctlException refusal() {
        var limits = new LifetimeLimits(null, null, List.of(KnownProcess.self()), false);
        return catchThrowableOfType(EnvctlException.class, () -> client.prolong(limits));
    }

    @Test
    void aRefusalIsToldInThePrimarysOwnWords() {
        code = 400;
        text = "{\"problem\":\"Process 7 has ended.\",\"remedy\":\"Name a living one.\",\"kind\":\"usage\"}";

        assertThat(refusal().kind()).isEqualTo(FailureKind.USAGE);
        assertThat(refusal().problem()).isEqualTo("Process 7 has ended.");
        assertThat(refusal().remedy()).isEqualTo("Name a living one.");
    }

    @Test
    void aRefusalWithoutWordsIsNoSilence() {
        code = 500;

        assertThat(refusal().problem()).isEqualTo("The primary answered HTTP 500.");
    }

    @ParameterizedTest
    @CsvSource({"401, {}", "404, <html>", "200, <html>", "200, []", "200, {}", "200, '{\"lifetime\":7,\"broken\":7}'"})
    void whoeverElseListensThereTellsNothing(int answered, String said) {
        code = answered;
        text = said;

        assertThat(client.state()).isEmpty();
        assertThat(client.broken()).isEmpty();
        assertThat(client.owners()).isEmpty();
    }
}
