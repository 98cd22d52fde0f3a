package dev.envctl.primary;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.spec.Durations;
import dev.envctl.worker.ApiConnection;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Takes named locks of a primary. A lock is held for as long as the connection is open, so it cannot outlive us. */
public final class LockClient {
    /** The primary is heard each second. */
    private static final Duration SILENCE = Duration.ofSeconds(20);

    private final String api;
    private final String token;

    /** @param token the owner's or a worker's */
    public LockClient(String api, String token) {
        this.api = api;
        this.token = token;
    }

    /**
     * What to take.
     *
     * @param timeout how long to wait; empty for as long as it takes
     * @param holder what others are shown
     */
    public record Wanted(String name, boolean shared, Optional<Duration> timeout, String holder) {}

    /**
     * Waits for a lock and takes it.
     *
     * @param waiting told who holds it, and again when that changes
     * @throws EnvctlException TIMEOUT naming the holders, NOT_OWNER where there is no primary or it goes away, USAGE for
     *     what it refuses
     */
    public Taken take(Wanted wanted, Consumer<String> waiting) {
        try {
            var connection = ApiConnection.post(
                    address(wanted.name()), token, body(wanted).toString(), SILENCE);
            try {
                return await(connection, wanted, waiting);
            } catch (IOException | RuntimeException e) {
                connection.close();
                throw e;
            }
        } catch (SocketTimeoutException e) {
            throw gone("nothing was heard of it for %s".formatted(Durations.format(SILENCE)), e);
        } catch (IOException e) {
            throw gone(String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT), e);
        }
    }

    private URI address(String name) {
        try {
            return URI.create(api + "/v1/locks/" + name);
        } catch (IllegalArgumentException e) {
            throw Locks.noName(name);
        }
    }

    private static JsonObject body(Wanted wanted) {
        var body = new JsonObject();
        body.addProperty("mode", wanted.shared() ? "shared" : "exclusive");
        body.addProperty("holder", wanted.holder());
        wanted.timeout().ifPresent(limit -> body.addProperty("timeout", Durations.format(limit)));
        return body;
    }

    private Taken await(ApiConnection connection, Wanted wanted, Consumer<String> waiting) throws IOException {
        if (connection.code() != HttpURLConnection.HTTP_OK) {
            throw refused(connection);
        }
        var told = "";
        for (var next = next(connection); next.isPresent(); next = next(connection)) {
            var line = next.get();
            switch (text(line, "state")) {
                case "held" -> {
                    connection.bePatient();
                    return new Taken(connection);
                }
                case "timeout" -> throw timedOut(wanted, holders(line));
                case "over" -> throw gone(text(line, "reason"), null);
                default -> {
                    var holders = holders(line);
                    if (!holders.equals(told)) {
                        waiting.accept(holders);
                        told = holders;
                    }
                }
            }
        }
        throw gone("it has ended", null);
    }

    private static Optional<JsonObject> next(ApiConnection connection) throws IOException {
        return connection.next().map(line -> JsonParser.parseString(line).getAsJsonObject());
    }

    private static String text(JsonObject json, String name) {
        return json.has(name) ? json.get(name).getAsString() : "";
    }

    /** Such as {@code mvn verify [pid 71] (worker 2, exclusive)}. */
    private static String holders(JsonObject json) {
        var joined = new StringJoiner(", ");
        for (var element : json.has("holders") ? json.getAsJsonArray("holders") : new JsonArray()) {
            var party = element.getAsJsonObject();
            joined.add("%s (%s, %s)".formatted(text(party, "holder"), text(party, "by"), text(party, "mode")));
        }
        return joined.toString();
    }

    private static EnvctlException timedOut(Wanted wanted, String holders) {
        var limit = wanted.timeout().orElse(Duration.ZERO);
        return new EnvctlException(
                FailureKind.TIMEOUT,
                "Lock %s was not free within %s: it is held by %s."
                        .formatted(wanted.name(), Durations.format(limit), holders),
                "Wait longer with `--timeout`, or end the holder; `envctl status` shows since when it holds the lock.");
    }

    private EnvctlException gone(String reason, @Nullable IOException cause) {
        return new EnvctlException(
                FailureKind.NOT_OWNER,
                "The primary at %s gives no lock: %s.".formatted(api, reason),
                "`envctl status` shows whether the environment is running, `envctl up` makes it.",
                cause);
    }

    private static EnvctlException refused(ApiConnection connection) throws IOException {
        var code = connection.code();
        var said = next(connection).orElseGet(JsonObject::new);
        var kind = code == HttpURLConnection.HTTP_BAD_REQUEST || code == HttpURLConnection.HTTP_NOT_FOUND
                ? FailureKind.USAGE
                : code < HttpURLConnection.HTTP_INTERNAL_ERROR ? FailureKind.NOT_OWNER : FailureKind.FAILED;
        return new EnvctlException(
                kind, said.has("problem") ? text(said, "problem") : "HTTP " + code, text(said, "remedy"));
    }

    /** A lock that is held until it is closed. */
    public static final class Taken implements AutoCloseable {
        private final ApiConnection connection;
        private volatile boolean closed;

        private Taken(ApiConnection connection) {
            this.connection = connection;
        }

        /** Calls back from a thread of its own, with the reason, if the lock is lost before it is closed. */
        public void onLoss(Consumer<String> lost) {
            var thread = new Thread(
                    () -> {
                        var reason = awaitEnd();
                        if (!closed) {
                            lost.accept(reason);
                        }
                    },
                    "lock");
            thread.setDaemon(true);
            thread.start();
        }

        private String awaitEnd() {
            try {
                return LockClient.next(connection)
                        .map(line -> text(line, "reason"))
                        .orElse("the primary has died");
            } catch (IOException e) {
                return "the primary has died";
            }
        }

        @Override
        public void close() {
            closed = true;
            try {
                connection.close();
            } catch (IOException e) {
                // It is closed nevertheless.
                return;
            }
        }
    }
}
