package dev.envctl.engine;

import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** An engine's API over TCP that says what the test told it to, and remembers what it was asked. */
final class FakeEngineApi implements AutoCloseable {
    private static final byte[] NO_SUCH_THING = "{\"message\":\"no such thing\"}".getBytes(StandardCharsets.UTF_8);

    private final HttpServer http;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, HttpHandler> replies = new ConcurrentHashMap<>();
    private volatile String server = "";
    final List<String> asked = new CopyOnWriteArrayList<>();
    final List<String> bodies = new CopyOnWriteArrayList<>();

    FakeEngineApi() {
        try {
            http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        http.setExecutor(threads);
        http.createContext("/", exchange -> {
            try (exchange) {
                var question = exchange.getRequestMethod() + " "
                        + exchange.getRequestURI().getPath();
                asked.add(question);
                bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
                if (!server.isEmpty()) {
                    exchange.getResponseHeaders().set("Server", server);
                }
                replies.getOrDefault(question, reply(404, NO_SUCH_THING)).handle(exchange);
            }
        });
        http.start();
    }

    /** @param question such as {@code GET /version} */
    FakeEngineApi answers(String question, int status, String body) {
        return answers(question, status, body.getBytes(StandardCharsets.UTF_8));
    }

    FakeEngineApi answers(String question, int status, byte[] body) {
        replies.put(question, reply(status, body));
        return this;
    }

    /** Every answer says what it comes from, as those of real engines do, such as {@code Libpod/4.3.1 (linux)}. */
    FakeEngineApi named(String server) {
        this.server = server;
        return this;
    }

    private static HttpHandler reply(int status, byte[] body) {
        return exchange -> {
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            if (body.length > 0) {
                exchange.getResponseBody().write(body);
            }
        };
    }

    URI address() {
        return URI.create("tcp://127.0.0.1:" + http.getAddress().getPort());
    }

    ApiEngine engine() {
        return new ApiEngine(EngineKind.PODMAN, address(), Map.of(), Duration.ofSeconds(10), () -> {}, () -> {});
    }

    @Override
    public void close() {
        http.stop(0);
        threads.shutdownNow();
    }
}
