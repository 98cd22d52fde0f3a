package dev.envctl.service;

import java.io.BufferedReader;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** Answers each command, its words parted by single spaces, with a line of RESP 2; one connection after the other. */
final class FakeRedis implements Closeable {
    final List<String> asked = new CopyOnWriteArrayList<>();
    private final ServerSocket server;
    private final UnaryOperator<String> answers;

    FakeRedis(UnaryOperator<String> answers) throws IOException {
        this.answers = answers;
        this.server = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
        var thread = new Thread(this::serve, "fake Redis");
        thread.setDaemon(true);
        thread.start();
    }

    ServiceEndpoint endpoint() {
        return ServiceEndpoint.onLoopback(server.getLocalPort());
    }

    private void serve() {
        while (true) {
            try (var client = server.accept()) {
                serve(client);
            } catch (IOException e) {
                if (server.isClosed()) {
                    return;
                }
            }
        }
    }

    private void serve(Socket client) throws IOException {
        var lines = new BufferedReader(new InputStreamReader(client.getInputStream(), StandardCharsets.US_ASCII));
        for (var head = lines.readLine(); head != null; head = lines.readLine()) {
            var words = new ArrayList<String>();
            for (var left = Integer.parseInt(head.substring(1)); left > 0; left--) {
                lines.readLine();
                words.add(lines.readLine());
            }
            var command = String.join(" ", words);
            asked.add(command);
            client.getOutputStream().write((answers.apply(command) + "\r\n").getBytes(StandardCharsets.US_ASCII));
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
