package dev.envctl.primary;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.spec.Durations;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Talks to a running primary over its loopback API. HttpURLConnection, because java.net.http costs start-up time. */
public final class PrimaryClient {
    private static final Duration CONNECT = Duration.ofSeconds(2);
    private static final Duration ANSWER = Duration.ofSeconds(5);
    /** Three missed heartbeats of the stream. */
    private static final Duration SILENCE = Duration.ofSeconds(20);

    private final PrimaryRecord primary;

    public PrimaryClient(PrimaryRecord primary) {
        this.primary = primary;
    }

    /** What there is to say of the environment, as the primary's JSON; takes up to three seconds. */
    public String details() {
        try {
            var connection = open("GET", "/v1/details", ANSWER);
            return body(connection);
        } catch (IOException e) {
            throw silent(e);
        }
    }

    /** Where the environment is, or empty where the primary does not answer within a short time. */
    Optional<State> state() {
        return status(status -> State.of(status.get("state").getAsString()));
    }

    /** What is broken, while the environment is; empty also where the primary does not answer. */
    public Optional<Broken> broken() {
        return status(status -> status.getAsJsonObject("broken"))
                .map(found -> new Broken(
                        found.get("reason").getAsString(), found.get("lasting").getAsBoolean()));
    }

    /** Something of the status; empty where it is not there, or whoever listens there is not the primary. */
    private <T> Optional<T> status(Function<JsonObject, @Nullable T> part) {
        try {
            var status = JsonParser.parseString(body(open("GET", "/v1/status", ANSWER)));
            return Optional.ofNullable(part.apply(status.getAsJsonObject()));
        } catch (IOException
                | JsonParseException
                | IllegalStateException
                | IllegalArgumentException
                | NullPointerException
                | ClassCastException
                | EnvctlException e) {
            // Somebody else's port by now: the record is older than the primary.
            return Optional.empty();
        }
    }

    /**
     * Why an environment that was ready is not any more.
     *
     * @param lasting whether it cannot become well again by itself
     */
    public record Broken(String reason, boolean lasting) {}

    /**
     * Makes the environment last as long as these ask for, too; never shorter.
     *
     * @return what had no effect because the environment stays longer anyway, as options
     */
    public List<String> prolong(LifetimeLimits limits) {
        var without = new ArrayList<String>();
        var ttl = limits.ttl();
        if (ttl != null && !changed("/v1/ttl", "ttl", Durations.format(ttl))) {
            without.add("--ttl");
        }
        var idle = limits.idle();
        if (idle != null && !changed("/v1/idle", "idle", Durations.format(idle))) {
            without.add("--idle");
        }
        for (var owner : limits.owners()) {
            if (!changed("/v1/owners", "owner", owner.toString())) {
                without.add("--owner-pid");
            }
        }
        return without;
    }

    /** Pids of the living owners; none also where the primary does not answer. */
    public List<Long> owners() {
        return status(status -> status.getAsJsonObject("lifetime").getAsJsonArray("owners"))
                .map(owners ->
                        owners.asList().stream().map(pid -> pid.getAsLong()).toList())
                .orElseGet(List::of);
    }

    /** Lets the environment stay when its owner goes. */
    public void keep() {
        changed("/v1/keep", "why", "asked to keep it");
    }

    /** @throws EnvctlException what the primary refuses, in its own words */
    private boolean changed(String path, String member, String value) {
        var json = new JsonObject();
        json.addProperty(member, value);
        try {
            var answer = JsonParser.parseString(post(path, json.toString())).getAsJsonObject();
            return answer.get("changed").getAsBoolean();
        } catch (IOException e) {
            throw silent(e);
        } catch (JsonParseException | IllegalStateException | NullPointerException e) {
            throw silent(new IOException("it is not the primary that answers", e));
        }
    }

    private String post(String path, String text) throws IOException {
        var connection = open("POST", path, ANSWER);
        connection.setDoOutput(true);
        try (var body = connection.getOutputStream()) {
            body.write(text.getBytes(StandardCharsets.UTF_8));
        }
        return body(connection);
    }

    /**
     * Asks for the teardown, and returns once the primary has agreed to it.
     *
     * @return false where the primary ends, starts or hangs at this very moment: whoever asks tries again
     * @throws EnvctlException NOT_OWNER where the primary refuses
     */
    boolean agreesToEnd(String reason) {
        try {
            post("/v1/down", reason);
            return true;
        } catch (IOException e) {
            return false;
        } catch (EnvctlException e) {
            if (e.kind() == FailureKind.NOT_OWNER) {
                throw e;
            }
            return false;
        }
    }

    /**
     * Follows the event stream from its beginning.
     *
     * @param until whether this message is the last one wanted
     * @return true when it came; false when the stream ended first, because the primary did
     */
    public boolean follow(Predicate<Message> until) {
        try {
            var connection = open("GET", "/v1/events", SILENCE);
            try (var lines =
                    new BufferedReader(new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8))) {
                for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (!line.isEmpty() && until.test(Message.parse(line))) {
                        return true;
                    }
                }
                return false;
            } finally {
                connection.disconnect();
            }
        } catch (IOException | JsonParseException | IllegalStateException e) {
            // A primary that is killed resets the connection: whether it lives is for the lock to say.
            return false;
        }
    }

    private HttpURLConnection open(String method, String path, Duration limit) throws IOException {
        return open(primary.api(), primary.token(), method, path, limit);
    }

    static HttpURLConnection open(String api, String token, String method, String path, Duration limit)
            throws IOException {
        var connection = (HttpURLConnection) URI.create(api + path).toURL().openConnection(java.net.Proxy.NO_PROXY);
        connection.setRequestMethod(method);
        connection.setConnectTimeout((int) CONNECT.toMillis());
        connection.setReadTimeout((int) limit.toMillis());
        connection.setRequestProperty("Authorization", "Bearer " + token);
        return connection;
    }

    private String body(HttpURLConnection connection) throws IOException {
        var code = connection.getResponseCode();
        if (Refusal.isOfTheToken(code)) {
            throw new EnvctlException(
                    FailureKind.NOT_OWNER,
                    "The primary (pid %d) refused: the token is not the owner's.".formatted(primary.pid()),
                    "Run the command in the folder of the environment's owner.");
        }
        if (code >= HttpURLConnection.HTTP_BAD_REQUEST) {
            try (var stream = connection.getErrorStream()) {
                var text = stream == null ? "" : new String(stream.readAllBytes(), StandardCharsets.UTF_8);
                throw Refusal.of(primary.api(), code, text);
            }
        }
        try (var stream = connection.getInputStream()) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private EnvctlException silent(IOException e) {
        return new EnvctlException(
                FailureKind.FAILED,
                "The primary (pid %d) at %s does not answer: %s"
                        .formatted(primary.pid(), primary.api(), String.valueOf(e.getMessage())),
                "If it hangs, end it with `kill -9 %d` and run `envctl down`: nothing is lost."
                        .formatted(primary.pid()),
                e);
    }
}
