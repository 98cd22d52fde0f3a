package dev.envctl.worker;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/**
 * A request to the primary, whose answer may go on. In HTTP/1.0, where an answer is plain lines up to the end; by hand, because
 * an {@code HttpURLConnection} cannot be closed while another thread reads from it, and the JDK's {@code HttpClient} takes
 * half a second of each test process to begin.
 */
public final class ApiConnection implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(2);

    private final Socket socket;
    private final BufferedReader lines;
    private final int code;

    private ApiConnection(Socket socket, BufferedReader lines, int code) {
        this.socket = socket;
        this.lines = lines;
        this.code = code;
    }

    /**
     * Sends the request and reads the head of the answer. An interrupt ends it, as it ends {@link #next}.
     *
     * @param json as docs/api.md says it
     * @param silence after which a read fails
     */
    public static ApiConnection post(URI address, String token, String json, Duration silence) throws IOException {
        return send("POST", address, token, json, silence);
    }

    static ApiConnection send(String method, URI address, String token, String json, Duration silence)
            throws IOException {
        // One of a channel, because an interrupt does not end a plain socket's read.
        var socket = SocketChannel.open().socket();
        try {
            socket.connect(new InetSocketAddress(address.getHost(), address.getPort()), (int) CONNECT.toMillis());
            socket.setSoTimeout((int) silence.toMillis());
            var body = json.getBytes(StandardCharsets.UTF_8);
            var target = address.getRawPath() + (address.getRawQuery() == null ? "" : "?" + address.getRawQuery());
            var head = "%s %s HTTP/1.0\r\nHost: %s\r\nAuthorization: Bearer %s\r\nContent-Length: %d\r\n\r\n"
                    .formatted(method, target, address.getAuthority(), token, body.length);
            var out = socket.getOutputStream();
            out.write(head.getBytes(StandardCharsets.US_ASCII));
            out.write(body);
            out.flush();
            var lines = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            return new ApiConnection(socket, lines, code(lines));
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /** Reads the head of the answer. */
    private static int code(BufferedReader lines) throws IOException {
        var status = lines.readLine();
        if (status == null || !status.matches("HTTP/1\\.[01] [0-9]{3}.*")) {
            throw new IOException("this is not the API of envctl");
        }
        var header = lines.readLine();
        while (header != null && !header.isEmpty()) {
            header = lines.readLine();
        }
        return Integer.parseInt(status.substring(9, 12));
    }

    /** Of HTTP. */
    public int code() {
        return code;
    }

    /** The next line that is no heartbeat, which is JSON, or empty at the end. */
    public Optional<String> next() throws IOException {
        for (var line = lines.readLine(); line != null; line = lines.readLine()) {
            if (!line.isEmpty()) {
                return Optional.of(line);
            }
        }
        return Optional.empty();
    }

    /** All of it to the end. */
    String rest() throws IOException {
        var text = new StringBuilder();
        for (var line = next(); line.isPresent(); line = next()) {
            text.append(line.get()).append('\n');
        }
        return text.toString();
    }

    /** From here on silence is no failure. */
    public void bePatient() throws IOException {
        socket.setSoTimeout(0);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
