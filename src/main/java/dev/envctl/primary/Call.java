package dev.envctl.primary;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.sun.net.httpserver.HttpExchange;
import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** One request to the API, and the answer to it. */
final class Call {
    private static final int LONGEST_BODY = 64 * 1024;

    private final HttpExchange exchange;
    private final Caller caller;
    private final Map<String, String> parameters;
    private final byte[] body;

    /**
     * What has been received whole.
     *
     * @param parameters what the path has in the places of the route's {@code {names}}
     * @param body as {@link #body} has read it
     */
    Call(HttpExchange exchange, Caller caller, Map<String, String> parameters, byte[] body) {
        this.exchange = exchange;
        this.caller = caller;
        this.parameters = Map.copyOf(parameters);
        this.body = body.clone();
    }

    Caller caller() {
        return caller;
    }

    String parameter(String name) {
        var value = parameters.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the route has no {" + name + "}");
        }
        return value;
    }

    /**
     * Reads the body, whether or not somebody asks for it: until then the server takes the request for one that is still being
     * sent, and ends the connection of what takes long to answer. And whoever sends slowly may lose the right to ask meanwhile.
     */
    static byte[] body(HttpExchange exchange) throws IOException {
        return exchange.getRequestBody().readNBytes(LONGEST_BODY + 1);
    }

    String text() {
        if (body.length > LONGEST_BODY) {
            throw new EnvctlException(
                    FailureKind.USAGE, "The body is longer than %d bytes.".formatted(LONGEST_BODY), "");
        }
        return new String(body, StandardCharsets.UTF_8);
    }

    /** The body as a JSON object; an empty body is an empty one. */
    JsonObject json() {
        var text = text();
        if (text.isBlank()) {
            return new JsonObject();
        }
        try {
            var parsed = JsonParser.parseString(text);
            if (parsed.isJsonObject()) {
                return parsed.getAsJsonObject();
            }
        } catch (JsonParseException e) {
            throw new EnvctlException(FailureKind.USAGE, "The body is not JSON: " + e.getMessage(), "", e);
        }
        throw new EnvctlException(FailureKind.USAGE, "The body is not a JSON object.", "");
    }

    void answer(int code) throws IOException {
        exchange.sendResponseHeaders(code, -1);
    }

    void answer(int code, JsonElement json) throws IOException {
        answer(exchange, code, json);
    }

    static void answer(HttpExchange exchange, int code, JsonElement json) throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        var bytes = (json + "\n").getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(code, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    /** Begins an answer of JSON objects, one a line, for as long as the handler writes. */
    OutputStream stream() throws IOException {
        exchange.getResponseHeaders().set("Content-Type", "application/x-ndjson");
        exchange.sendResponseHeaders(200, 0);
        return exchange.getResponseBody();
    }

    /** @throws EnvctlException USAGE where the query says something else than this: it would have no effect */
    void allowQuery(String name) {
        parts().filter(part -> !part.isEmpty() && !part.startsWith(name + "="))
                .findFirst()
                .ifPresent(part -> {
                    throw new EnvctlException(
                            FailureKind.USAGE,
                            "The query has an unknown parameter: `%s`.".formatted(Locks.printable(part)),
                            "Use `%s=`.".formatted(name));
                });
    }

    /** What stands in the query for a name, such as {@code ?keep=true}; empty where it is not there. */
    String query(String name) {
        return parts().filter(part -> part.startsWith(name + "="))
                .map(part -> part.substring(name.length() + 1))
                .findFirst()
                .orElse("");
    }

    private Stream<String> parts() {
        var query = Optional.ofNullable(exchange.getRequestURI().getQuery()).orElse("");
        return Stream.of(query.split("&", -1));
    }

    /** {@code {problem, remedy, kind}}, with the status code that fits the kind of failure. */
    void refuse(EnvctlException failure) throws IOException {
        refuse(code(failure.kind()), failure);
    }

    void refuse(int code, EnvctlException failure) throws IOException {
        var json = new JsonObject();
        json.addProperty("problem", failure.problem());
        json.addProperty("remedy", failure.remedy());
        json.addProperty("kind", failure.kind().name().toLowerCase(Locale.ROOT));
        answer(code, json);
    }

    private static int code(FailureKind kind) {
        return switch (kind) {
            case USAGE -> 400;
            case NOT_OWNER -> 409;
            case TIMEOUT -> 504;
            default -> 500;
        };
    }
}
