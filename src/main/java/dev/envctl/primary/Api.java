package dev.envctl.primary;

import com.google.gson.JsonObject;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * The primary's API on 127.0.0.1, at a port of the kernel's choice. Every request carries {@code Authorization: Bearer
 * TOKEN}; docs/api.md describes it. Answers 401 without a token that is known, 403 where a worker asks for what is the
 * owner's, 404 and 405 as usual, and for a failure {@code {problem, remedy}}.
 */
final class Api implements AutoCloseable {
    private static final Duration LAST_WORDS = Duration.ofSeconds(1);

    /** Of connections that wait to be accepted: a hundred `up` at once are fewer. */
    private static final int BACKLOG = 1024;

    private static final Map<String, String> LIMITS = Map.of(
            // Else a client that keeps its connection waits 40 ms for the second part of each answer.
            "sun.net.httpserver.nodelay",
            "true",
            // Seconds for a whole request: who sends none, or no end of its body, holds no thread for longer.
            "sun.net.httpserver.maxReqTime",
            "10",
            // Each may hold a thread. More than locks, leases and a hundred `up` at once need.
            "jdk.httpserver.maxConnections",
            "1500");

    private final HttpServer server;
    private final ExecutorService threads;
    private final Tokens tokens;
    private final List<Route> routes;

    /** Listens from here on, at a port of the kernel's choice. */
    Api(Tokens tokens, List<Route> routes) {
        this(tokens, routes, 0);
    }

    /**
     * Listens from here on.
     *
     * @param port the one to listen at if it is free; 0 for any
     */
    Api(Tokens tokens, List<Route> routes, int port) {
        this.tokens = tokens;
        this.routes = List.copyOf(routes);
        threads = Executors.newCachedThreadPool(task -> {
            var thread = new Thread(task, "api");
            thread.setDaemon(true);
            return thread;
        });
        server = listen(port);
        server.setExecutor(threads);
        server.createContext("/", exchange -> {
            try (exchange) {
                dispatch(exchange);
            }
        });
        server.start();
    }

    private static HttpServer listen(int port) {
        LIMITS.forEach(System::setProperty);
        try {
            return HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
        } catch (BindException e) {
            if (port != 0) {
                return listen(0);
            }
            throw deaf(e);
        } catch (IOException e) {
            throw deaf(e);
        }
    }

    private static EnvctlException deaf(IOException e) {
        return new EnvctlException(FailureKind.FAILED, "The API cannot listen on 127.0.0.1: " + e.getMessage(), "", e);
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void dispatch(HttpExchange exchange) throws IOException {
        // First: a token that is known before the last byte comes may be worth nothing by then, and its index
        // another's.
        var body = Call.body(exchange);
        var caller = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization"))
                .flatMap(tokens::caller);
        if (caller.isEmpty()) {
            refuse(
                    exchange,
                    401,
                    "A valid bearer token is needed: the owner's is in primary.json, a worker's in its lease.");
            return;
        }
        var path = exchange.getRequestURI().getPath();
        var known =
                routes.stream().filter(route -> route.match(path).isPresent()).toList();
        var route = known.stream()
                .filter(one -> one.method().equals(exchange.getRequestMethod()))
                .findFirst();
        if (known.isEmpty()) {
            refuse(exchange, 404, "There is nothing here.");
        } else if (route.isEmpty()) {
            var methods = known.stream().map(Route::method).collect(Collectors.joining(", "));
            exchange.getResponseHeaders().set("Allow", methods);
            refuse(exchange, 405, "Use " + methods + ".");
        } else if (caller.get() instanceof Caller.Worker && !route.get().workers()) {
            refuse(exchange, 403, "Only the owner of the environment may do this; this is a worker's token.");
        } else {
            handle(exchange, route.get(), caller.get(), body);
        }
    }

    private static void handle(HttpExchange exchange, Route route, Caller caller, byte[] body) throws IOException {
        var call = new Call(
                exchange,
                caller,
                route.match(exchange.getRequestURI().getPath()).orElseThrow(),
                body);
        try {
            route.handler().handle(call);
        } catch (EnvctlException e) {
            call.refuse(e);
        } catch (RuntimeException e) {
            call.refuse(new EnvctlException(FailureKind.FAILED, "The primary failed: " + e, "", e));
        }
    }

    private static void refuse(HttpExchange exchange, int code, String problem) throws IOException {
        var json = new JsonObject();
        json.addProperty("problem", problem);
        Call.answer(exchange, code, json);
    }

    /** Ends when every stream has sent all there is, or after a short while. */
    @Override
    public void close() {
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
