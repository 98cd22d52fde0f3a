package dev.envctl.image;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands between envctl and a real registry, on loopback, and spoils some of the answers. One request per connection. */
final class FaultProxy implements AutoCloseable {
    /** Passes an answer on, or does not. */
    @FunctionalInterface
    interface Fault {
        /**
         * Passes it on, or does not.
         *
         * @param answer of the real registry, from its first header
         */
        void pass(InputStream answer, Socket client) throws IOException;
    }

    private record Rule(String path, Fault fault, AtomicInteger times) {}

    private static final Fault NONE = (answer, client) -> answer.transferTo(client.getOutputStream());

    private final ServerSocket server;
    private final int registry;
    private final List<Rule> rules = new ArrayList<>();
    private final List<String> requests = new CopyOnWriteArrayList<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();

    FaultProxy(String registry) {
        this.registry = Integer.parseInt(registry.substring(registry.indexOf(':') + 1));
        try {
            server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        daemon(this::accept);
    }

    String host() {
        return "127.0.0.1:" + server.getLocalPort();
    }

    /** The next {@code times} requests whose line has {@code path} in it meet the fault. */
    void spoil(String path, int times, Fault fault) {
        synchronized (rules) {
            rules.add(new Rule(path, fault, new AtomicInteger(times)));
        }
    }

    void heal() {
        synchronized (rules) {
            rules.clear();
        }
    }

    /** Lines such as {@code GET /v2/… bytes=0-99}. */
    List<String> requests() {
        return List.copyOf(requests);
    }

    static Fault status(int status, String... headers) {
        return (answer, client) -> {
            var text = "HTTP/1.1 %d Spoilt\r\nContent-Length: 0\r\nConnection: close\r\n%s\r\n\r\n"
                    .formatted(status, String.join("\r\n", headers));
            client.getOutputStream()
                    .write(text.replace("\r\n\r\n\r\n", "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        };
    }

    /** Ends the connection with a reset after so many bytes of header and body. */
    static Fault resetAfter(int bytes) {
        return (answer, client) -> {
            client.getOutputStream().write(answer.readNBytes(bytes));
            client.getOutputStream().flush();
            pause(300);
            client.setSoLinger(true, 0);
        };
    }

    /** Goes on byte by byte after so many bytes. */
    static Fault dripAfter(int bytes) {
        return (answer, client) -> {
            client.getOutputStream().write(answer.readNBytes(bytes));
            for (var one = answer.read(); one >= 0; one = answer.read()) {
                client.getOutputStream().write(one);
                client.getOutputStream().flush();
                pause(50);
            }
        };
    }

    /** Changes the last byte. */
    static Fault altered() {
        return (answer, client) -> {
            var bytes = answer.readAllBytes();
            bytes[bytes.length - 1]++;
            client.getOutputStream().write(bytes);
        };
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                var client = server.accept();
                open.add(client);
                daemon(() -> serve(client));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void serve(Socket client) {
        try (client;
                var upstream = new Socket(InetAddress.getLoopbackAddress(), registry)) {
            var head = head(new BufferedInputStream(client.getInputStream()));
            var lines = head.split("\r\n", -1);
            var request = new StringBuilder(lines[0].replace(" HTTP/1.1", ""));
            for (var line : lines) {
                if (line.regionMatches(true, 0, "Range: ", 0, 7)) {
                    request.append(' ').append(line.substring(7));
                }
            }
            requests.add(request.toString());
            upstream.getOutputStream()
                    .write(head.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            faultOf(request.toString()).pass(new BufferedInputStream(upstream.getInputStream()), client);
        } catch (IOException e) {
            // The other side has gone: that is what faults are for.
        } finally {
            open.remove(client);
        }
    }

    private Fault faultOf(String request) {
        synchronized (rules) {
            for (var rule : rules) {
                if (request.contains(rule.path()) && rule.times().getAndDecrement() > 0) {
                    return rule.fault();
                }
            }
        }
        return NONE;
    }

    private static String head(InputStream stream) throws IOException {
        var head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
            var one = stream.read();
            if (one < 0) {
                throw new IOException("no request");
            }
            head.write(one);
        }
        return head.toString(StandardCharsets.US_ASCII);
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void daemon(Runnable work) {
        var thread = new Thread(work, "fault proxy");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        try {
            server.close();
            for (var client : open) {
                client.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
