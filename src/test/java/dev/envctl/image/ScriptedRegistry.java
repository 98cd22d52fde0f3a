package dev.envctl.image;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A registry on loopback that serves images and, before that, the faults it is told. */
final class ScriptedRegistry implements AutoCloseable {
    /** Answers one request. */
    @FunctionalInterface
    interface Answer {
        void to(HttpExchange exchange) throws IOException;
    }

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, byte[]> served = new ConcurrentHashMap<>();
    private final Map<String, Queue<Answer>> script = new ConcurrentHashMap<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();

    ScriptedRegistry() {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.setExecutor(threads);
        server.createContext("/", this::handle);
        server.start();
    }

    String host() {
        return "127.0.0.1:" + server.getAddress().getPort();
    }

    String repository(String path) {
        return host() + "/" + path;
    }

    ScriptedRegistry serving(String repository, SampleImage image) {
        image.served().forEach((path, body) -> served.put("/v2/" + repository + "/" + path, body));
        return this;
    }

    /** The next request for that path gets this answer. */
    ScriptedRegistry first(String path, Answer answer) {
        script.computeIfAbsent(path, key -> new ArrayDeque<>()).add(answer);
        return this;
    }

    static Answer status(int status) {
        return exchange -> send(exchange, status, new byte[0]);
    }

    static Answer body(byte[] body) {
        return exchange -> send(exchange, 200, body);
    }

    /** Every path that was asked for, with its query. */
    List<String> requests() {
        return List.copyOf(requests);
    }

    long requestsFor(String path) {
        return requests.stream().filter(path::equals).count();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            requests.add(exchange.getRequestURI().toString());
            var path = exchange.getRequestURI().getPath();
            var answers = script.getOrDefault(path, new ArrayDeque<>());
            Answer next;
            synchronized (answers) {
                next = answers.poll();
            }
            if (next != null) {
                next.to(exchange);
            } else if (path.equals("/v2/")) {
                send(exchange, 200, new byte[0]);
            } else if (served.containsKey(path)) {
                send(exchange, 200, served.get(path));
            } else {
                send(exchange, 404, new byte[0]);
            }
        }
    }

    static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
        if (body.length > 0) {
            exchange.getResponseBody().write(body);
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
