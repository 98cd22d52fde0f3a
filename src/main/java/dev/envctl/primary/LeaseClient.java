package dev.envctl.primary;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** Asks a running primary for leases, with the owner's or a worker's token; docs/api.md describes the answers. */
public final class LeaseClient {
    /** What the primary itself allows for removing or emptying a lease, and some more. */
    private static final Duration WORK = Duration.ofSeconds(90);

    private final String api;
    private final String token;

    /** @param api such as {@code http://127.0.0.1:41233} */
    public LeaseClient(String api, String token) {
        this.api = api;
        this.token = token;
    }

    /**
     * Asks for a lease and waits for it.
     *
     * @param timeout as the body says it
     */
    public JsonObject acquire(JsonObject body, Duration timeout) {
        return call("POST", "/v1/leases", body.toString(), timeout.plus(WORK));
    }

    public JsonObject list() {
        return call("GET", "/v1/leases", "", WORK);
    }

    /**
     * Makes a lease pristine.
     *
     * @param only which parts, such as {@code postgres,redis}; empty for all
     */
    public JsonObject reset(int worker, String only) {
        var query = only.isEmpty() ? "" : "?only=" + URLEncoder.encode(only, StandardCharsets.UTF_8);
        return call("POST", "/v1/leases/%d/reset%s".formatted(worker, query), "", WORK);
    }

    public JsonObject release(int worker, boolean keep) {
        return call("DELETE", "/v1/leases/%d%s".formatted(worker, keep ? "?keep=true" : ""), "", WORK);
    }

    private JsonObject call(String method, String path, String body, Duration limit) {
        try {
            var connection = PrimaryClient.open(api, token, method, path, limit);
            if (!body.isEmpty()) {
                connection.setDoOutput(true);
                try (var stream = connection.getOutputStream()) {
                    stream.write(body.getBytes(StandardCharsets.UTF_8));
                }
            }
            var code = connection.getResponseCode();
            var refused = code >= HttpURLConnection.HTTP_BAD_REQUEST;
            try (var stream = refused ? connection.getErrorStream() : connection.getInputStream()) {
                var text = stream == null ? "" : new String(stream.readAllBytes(), StandardCharsets.UTF_8);
                if (refused) {
                    throw Refusal.of(api, code, text);
                }
                return JsonParser.parseString(text).getAsJsonObject();
            }
        } catch (IOException e) {
            throw new EnvctlException(
                    FailureKind.NOT_OWNER,
                    "No primary answers at %s: %s".formatted(api, e.getMessage()),
                    "`envctl status` shows where the environment is.",
                    e);
        }
    }
}
