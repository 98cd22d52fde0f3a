package dev.envctl.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;

/** Talks to Redis in its own protocol, RESP 2, with nothing but a URL: no library of envctl's is in between. */
final class RedisConversation implements AutoCloseable {
    private static final int LIMIT_MILLIS = 10_000;

    private final Socket socket = new Socket();
    private final InputStream answers;

    /** Logs in and selects the database, as {@code redis-cli -u} does. */
    RedisConversation(String url) throws IOException {
        var uri = URI.create(url);
        assertThat(uri.getHost()).isEqualTo("127.0.0.1");
        socket.setSoTimeout(LIMIT_MILLIS);
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), uri.getPort()), LIMIT_MILLIS);
        answers = new BufferedInputStream(socket.getInputStream());
        var login = uri.getUserInfo().split(":", 2);
        assertThat(ask("AUTH", login[0], login[1])).isEqualTo("OK");
        assertThat(ask("SELECT", uri.getPath().substring(1))).isEqualTo("OK");
    }

    /** The answer as text; an error begins with a minus sign, and nothing is {@code (nil)}. */
    String ask(String... words) throws IOException {
        send(words);
        return answer();
    }

    /** Leaves the answer unread. */
    void send(String... words) throws IOException {
        var request = new StringBuilder("*" + words.length + "\r\n");
        for (var word : words) {
            request.append("$%d\r\n%s\r\n".formatted(word.getBytes(StandardCharsets.UTF_8).length, word));
        }
        socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.UTF_8));
    }

    /** To what was sent before. */
    String answer() throws IOException {
        var line = line();
        var rest = line.substring(1);
        return switch (line.charAt(0)) {
            case '+', ':' -> rest;
            case '-' -> line;
            case '$' -> bulk(Integer.parseInt(rest));
            case '*' -> array(Integer.parseInt(rest));
            default -> throw new IOException("not RESP 2: " + line);
        };
    }

    private String array(int size) throws IOException {
        var items = new ArrayList<String>();
        for (var i = 0; i < size; i++) {
            items.add(answer());
        }
        return String.join(" ", items);
    }

    private String bulk(int length) throws IOException {
        if (length < 0) {
            return "(nil)";
        }
        var text = new String(answers.readNBytes(length), StandardCharsets.UTF_8);
        answers.readNBytes(2);
        return text;
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        for (var next = answers.read(); next != '\r'; next = answers.read()) {
            if (next < 0) {
                throw new IOException("Redis hung up");
            }
            line.append((char) next);
        }
        answers.readNBytes(1);
        return line.toString();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
