package dev.envctl.junit;

import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Answers as docs/api.md says it, over HTTP, and writes down what it was asked for. Its folder is that of an environment. */
final class FakePrimary implements AutoCloseable {
    private static final int CREATED = 201;
    private static final int FORBIDDEN = 403;

    private final Path directory;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final Map<String, List<String>> holders = new HashMap<>();
    private volatile String over = "";
    private int workers;

    FakePrimary(Path directory, int fixed) throws IOException {
        this.directory = directory;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/v1/leases", this::leases);
        server.createContext("/v1/locks/", this::lock);
        server.start();
        Files.createDirectories(directory.resolve("workers"));
        Files.writeString(
                directory.resolve("primary.json"), "{\"api\": \"%s\", \"token\": \"owner\"}".formatted(api()));
        for (workers = 0; workers < fixed; ) {
            writeLease(++workers);
        }
    }

    private String api() {
        return "http://127.0.0.1:%d".formatted(server.getAddress().getPort());
    }

    private void writeLease(int number) throws IOException {
        Files.writeString(
                directory.resolve("workers").resolve(number + ".env"), """
                ENVCTL_WORKER=%1$d
                ENVCTL_TEST_ID=w%1$d-aa
                ENVCTL_API=%2$s
                ENVCTL_TOKEN=token-%1$d
                KUBECONFIG=%3$s/workers/%1$d.kubeconfig
                """.formatted(number, api(), directory));
    }

    /** Such as {@code reset 1 only=postgres}, {@code acquire 5} or {@code lock serial exclusive}, in their order. */
    List<String> asked() {
        return List.copyOf(asked);
    }

    /** Takes all locks away, as at the end of an environment. */
    synchronized void endLocks(String reason) {
        over = reason;
        notifyAll();
    }

    private void leases(HttpExchange exchange) throws IOException {
        var token = exchange.getRequestHeaders().getFirst("Authorization").substring("Bearer ".length());
        var parts = exchange.getRequestURI().getPath().split("/", -1);
        if (parts.length == 3) {
            if (token.equals("owner")) {
                answer(exchange, CREATED, "{\"worker\": %d}".formatted(acquired()));
            } else {
                answer(exchange, FORBIDDEN, "{\"problem\": \"This is for the owner.\"}");
            }
            return;
        }
        if (!token.equals("token-" + parts[3])) {
            answer(exchange, FORBIDDEN, "{\"problem\": \"This is another worker's.\"}");
            return;
        }
        if (exchange.getRequestMethod().equals("DELETE")) {
            asked.add("release " + parts[3]);
        } else if (parts.length > 4) {
            asked.add("%s %s %s"
                    .formatted(parts[4], parts[3], exchange.getRequestURI().getQuery()));
        }
        answer(exchange, 200, "{\"worker\": %s}".formatted(parts[3]));
    }

    private synchronized int acquired() throws IOException {
        writeLease(++workers);
        asked.add("acquire " + workers);
        return workers;
    }

    private static void answer(HttpExchange exchange, int code, String text) throws IOException {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(code, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    private void lock(HttpExchange exchange) throws IOException {
        var name = exchange.getRequestURI().getPath().substring("/v1/locks/".length());
        var body = JsonParser.parseString(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8))
                .getAsJsonObject();
        var mode = body.get("mode").getAsString();
        if (!name.startsWith("envctl.")) {
            asked.add("lock %s %s".formatted(name, mode));
        }
        exchange.sendResponseHeaders(200, 0);
        var entry = "%s %s".formatted(mode, body.get("holder").getAsString());
        try (exchange) {
            if (!granted(exchange, name, mode, entry, body.get("timeout").getAsString())) {
                line(
                        exchange,
                        "{\"state\": \"timeout\", \"holders\": [{\"holder\": \"somebody\", \"by\": \"worker 9\","
                                + " \"mode\": \"exclusive\"}]}");
                return;
            }
            line(exchange, "{\"state\": \"held\"}");
            while (over.isEmpty() || name.startsWith("envctl.")) {
                line(exchange, "");
                pause();
            }
            line(exchange, "{\"state\": \"over\", \"reason\": \"%s\"}".formatted(over));
        } catch (IOException e) {
            // The holder has closed the connection.
            return;
        } finally {
            free(name, entry);
        }
    }

    private boolean granted(HttpExchange exchange, String name, String mode, String entry, String timeout)
            throws IOException {
        var end = System.nanoTime()
                + (timeout.length() == 2 ? (timeout.charAt(0) - '0') * 1_000_000_000L : 60_000_000_000L);
        while (!tryGrant(name, mode, entry)) {
            line(exchange, "{\"state\": \"waiting\", \"position\": 1, \"holders\": []}");
            if (System.nanoTime() > end) {
                return false;
            }
            pause();
        }
        return true;
    }

    private synchronized boolean tryGrant(String name, String mode, String entry) {
        var held = holders.computeIfAbsent(name, key -> new ArrayList<>());
        var free = mode.equals("shared") ? held.stream().allMatch(e -> e.startsWith("shared")) : held.isEmpty();
        if (free) {
            held.add(entry);
        }
        return free;
    }

    private synchronized void free(String name, String entry) {
        holders.getOrDefault(name, new ArrayList<>()).remove(entry);
    }

    /** Who holds a lock now. */
    synchronized List<String> holders(String name) {
        return List.copyOf(holders.getOrDefault(name, List.of()));
    }

    private static void line(HttpExchange exchange, String text) throws IOException {
        exchange.getResponseBody().write((text + "\n").getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
    }

    private static void pause() {
        try {
            Thread.sleep(5);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
