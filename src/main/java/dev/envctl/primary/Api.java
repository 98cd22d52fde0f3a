package dev.envctl.primary;

import com.google.gson.JsonObject;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The primary's API on 127.0.0.1, at a port of the kernel's choice. Every request carries {@code Authorization: Bearer
 * TOKEN}.
 *
 * <ul>
 *   <li>{@code GET /v1/status}: {@code {state, name, pid, phases: [{name, since, reason}]}}, the phases that run now
 *   <li>{@code GET /v1/events}: everything since the start and then live, one JSON object a line, until the primary ends
 *   <li>{@code POST /v1/down}: begins the teardown; 202. The body, if any, is the reason, plain text
 * </ul>
 */
final class Api implements AutoCloseable {
    private static final Duration HEARTBEAT = Duration.ofSeconds(5);
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);
    private static final int LONGEST_REASON = 200;

    private final HttpServer server;
    private final ExecutorService threads;
    private final String token;
    private final EventLog events;
    private final Supplier<JsonObject> status;
    private final Consumer<String> down;

    /** @param down told why the teardown was asked for */
    Api(String token, EventLog events, Supplier<JsonObject> status, Consumer<String> down) {
        this.token = token;
        this.events = events;
        this.status = status;
        this.down = down;
        threads = Executors.newCachedThreadPool(task -> {
            var thread = new Thread(task, "api");
            thread.setDaemon(true);
            return thread;
        });
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new EnvctlException(
                    FailureKind.FAILED, "The API cannot listen on 127.0.0.1: " + e.getMessage(), "", e);
        }
        server.setExecutor(threads);
        route("GET", "/v1/status", this::status);
        route("GET", "/v1/events", this::stream);
        route("POST", "/v1/down", this::down);
        server.start();
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    @FunctionalInterface
    private interface Handler {
        void handle(HttpExchange exchange) throws IOException;
    }

    private void route(String method, String path, Handler handler) {
        server.createContext(path, exchange -> {
            try (exchange) {
                if (!authorized(exchange)) {
                    answer(exchange, 401, "A valid bearer token is needed: it is in primary.json.\n");
                } else if (!exchange.getRequestURI().getPath().equals(path)) {
                    answer(exchange, 404, "There is nothing here.\n");
                } else if (!exchange.getRequestMethod().equals(method)) {
                    exchange.getResponseHeaders().set("Allow", method);
                    answer(exchange, 405, "Use " + method + ".\n");
                } else {
                    handler.handle(exchange);
                }
            }
        });
    }

    private boolean authorized(HttpExchange exchange) {
        var header = exchange.getRequestHeaders().getFirst("Authorization");
        var expected = ("Bearer " + token).getBytes(StandardCharsets.UTF_8);
        return header != null && MessageDigest.isEqual(header.getBytes(StandardCharsets.UTF_8), expected);
    }

    private void status(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        answer(exchange, 200, status.get() + "\n");
    }

    private void down(HttpExchange exchange) throws IOException {
        var body = new String(exchange.getRequestBody().readNBytes(LONGEST_REASON), StandardCharsets.UTF_8);
        down.accept(body.isBlank() ? "asked over the API" : body.strip());
        answer(exchange, 202, "");
    }

    private void stream(HttpExchange exchange) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/x-ndjson");
        exchange.sendResponseHeaders(200, 0);
        var body = exchange.getResponseBody();
        var sent = 0;
        try {
            while (true) {
                var news = events.from(sent, HEARTBEAT);
                for (var message : news) {
                    body.write((message.json() + "\n").getBytes(StandardCharsets.UTF_8));
                }
                sent += news.size();
                if (news.isEmpty()) {
                    if (events.ended()) {
                        return;
                    }
                    // An empty line finds out whether the client is still there.
                    body.write('\n');
                }
                body.flush();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void answer(HttpExchange exchange, int code, String text) throws IOException {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(code, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
    }

    /** Ends when every stream has sent all there is, or after a short while. */
    @Override
    public void close() {
        events.end();
        threads.shutdown();
        try {
            threads.awaitTermination(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // Before JDK 21 the server itself waits to the end of the time it is given, also for nothing (JDK-8304065).
        server.stop(0);
        threads.shutdownNow();
    }
}
