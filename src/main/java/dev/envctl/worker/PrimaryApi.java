package dev.envctl.worker;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a worker asks of the primary; docs/api.md describes it. Thread-safe; every call is bounded. */
public final class PrimaryApi {
    private static final Duration ANSWER = Duration.ofSeconds(5);
    /** What the primary itself allows for emptying or removing a lease, and some more. */
    private static final Duration WORK = Duration.ofSeconds(90);
    /** How long the primary may take for a lease that is not ready. */
    private static final Duration MAKING = Duration.ofMinutes(2);

    private static final int REFUSED = 400;

    /**
     * Makes sure that the lease is of use.
     *
     * @throws LeaseException if its environment is gone, or has given it to somebody else
     */
    public void requireAlive(Lease lease) {
        call(lease.api(), lease.token(), "GET", "/v1/leases/" + lease.worker(), "", ANSWER);
    }

    /** Back to the beginning: a fresh copy of the database, no keys, an empty namespace. Connections are ended. */
    public void reset(Lease lease) {
        reset(lease, "");
    }

    /** A fresh copy of the database, and nothing else: milliseconds. Its connections are ended. */
    public void resetDatabase(Lease lease) {
        reset(lease, "?only=postgres");
    }

    private void reset(Lease lease, String parts) {
        call(lease.api(), lease.token(), "POST", "/v1/leases/%d/reset%s".formatted(lease.worker(), parts), "", WORK);
    }

    /**
     * One more lease of the same environment, which returns by itself when this process ends.
     *
     * @param holder who it is for, as lists show it
     * @param pid this process
     */
    public Lease acquire(Lease neighbour, String holder, long pid) {
        var record = record(neighbour.environment().resolve("primary.json"));
        var body = "{\"holder\": %s, \"pid\": %d, \"timeout\": \"%ds\"}"
                .formatted(Json.quote(holder), pid, MAKING.toSeconds());
        var answer =
                call(text(record, "api"), text(record, "token"), "POST", "/v1/leases", body, MAKING.plusSeconds(10));
        if (!(answer.get("worker") instanceof Double worker)) {
            throw new LeaseException("The primary gave a lease without a number.");
        }
        return Lease.read(neighbour.environment().resolve("workers").resolve(worker.intValue() + ".env"));
    }

    /** Gives back a lease that was acquired. */
    public void release(Lease lease) {
        call(lease.api(), lease.token(), "DELETE", "/v1/leases/" + lease.worker(), "", WORK);
    }

    /**
     * Waits for a named lock and holds it until it is closed.
     *
     * @param timeout such as {@code 90s}
     * @param holder who it is for, as lists show it
     * @throws LeaseException naming the holders where it was not free in time
     */
    public HeldLock lock(Lease lease, String name, boolean shared, String timeout, String holder) {
        return HeldLock.take(lease, name, shared, timeout, holder);
    }

    /** The same, or empty where somebody else holds it. */
    public Optional<HeldLock> tryLock(Lease lease, String name, String holder) {
        return HeldLock.tryTake(lease, name, holder);
    }

    /** The owner's: only who made the environment can read it. */
    private static Map<String, @Nullable Object> record(Path file) {
        try {
            return Json.members(Files.readString(file));
        } catch (IOException | IllegalArgumentException e) {
            throw new LeaseException(
                    "More leases cannot be had, because %s cannot be read: %s".formatted(file, e.getMessage()), e);
        }
    }

    private static Map<String, @Nullable Object> call(
            String api, String token, String method, String path, String body, Duration limit) {
        try (var connection = ApiConnection.send(method, URI.create(api + path), token, body, limit)) {
            var answer = connection.rest();
            if (connection.code() >= REFUSED) {
                throw refused(connection.code(), answer);
            }
            return answer.isBlank() ? Map.of() : Json.members(answer);
        } catch (ClosedByInterruptException e) {
            throw new LeaseException("Interrupted while asking the primary for %s.".formatted(path), e);
        } catch (ConnectException e) {
            throw gone(api, "nobody listens", e);
        } catch (IOException | IllegalArgumentException e) {
            throw gone(api, String.valueOf(e.getMessage()), e);
        }
    }

    private static LeaseException gone(String api, String reason, Exception e) {
        return new LeaseException(
                "The environment's primary at %s does not answer: %s. `envctl status` says what became of it, `envctl up` makes it anew."
                        .formatted(api, reason.toLowerCase(Locale.ROOT)),
                e);
    }

    static LeaseException refused(int code, String text) {
        try {
            var said = Json.members(text);
            return new LeaseException("The primary refuses (HTTP %d): %s %s"
                    .formatted(code, text(said, "problem"), text(said, "remedy"))
                    .strip());
        } catch (IllegalArgumentException e) {
            return new LeaseException("The primary refuses: HTTP %d.".formatted(code), e);
        }
    }

    static String text(Map<String, @Nullable Object> members, String name) {
        return members.get(name) instanceof String text ? text : "";
    }
}
