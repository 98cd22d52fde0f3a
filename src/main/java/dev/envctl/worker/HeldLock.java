package dev.envctl.worker;

import java.io.IOException;
import java.net.URI;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** A named lock that is held until it is closed, or this process ends. */
public final class HeldLock implements AutoCloseable {
    /** The primary is heard each second. */
    private static final Duration SILENCE = Duration.ofSeconds(20);

    private static final int REFUSED = 400;

    private final String name;
    private final boolean shared;
    private final ApiConnection connection;
    private volatile String lost = "";
    private volatile boolean closed;

    private HeldLock(String name, boolean shared, ApiConnection connection) {
        this.name = name;
        this.shared = shared;
        this.connection = connection;
    }

    /** Waits as long as the primary is told to. */
    static HeldLock take(Lease lease, String name, boolean shared, String timeout, String holder) {
        return ask(lease, name, shared, timeout, holder, true)
                .orElseThrow(() -> new LeaseException("Lock %s is not free.".formatted(name)));
    }

    /** Empty where somebody else holds it. One whose holder has just ended is free a moment later. */
    static Optional<HeldLock> tryTake(Lease lease, String name, String holder) {
        return ask(lease, name, false, "2s", holder, false);
    }

    private static Optional<HeldLock> ask(
            Lease lease, String name, boolean shared, String timeout, String holder, boolean needed) {
        var body = "{\"mode\": \"%s\", \"timeout\": %s, \"holder\": %s}"
                .formatted(shared ? "shared" : "exclusive", Json.quote(timeout), Json.quote(holder));
        try {
            var connection =
                    ApiConnection.post(URI.create(lease.api() + "/v1/locks/" + name), lease.token(), body, SILENCE);
            var lock = new HeldLock(name, shared, connection);
            try {
                if (lock.await(timeout, needed)) {
                    lock.watch();
                    return Optional.of(lock);
                }
                lock.close();
                return Optional.empty();
            } catch (IOException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (ClosedByInterruptException e) {
            throw new LeaseException("Interrupted while waiting for lock %s.".formatted(name), e);
        } catch (IOException | IllegalArgumentException e) {
            throw new LeaseException(
                    "Lock %s cannot be had: %s. `envctl status` says what became of the environment."
                            .formatted(name, e.getMessage()),
                    e);
        }
    }

    /** Whether it is ours; that it was not free in time is a failure only where it was needed. */
    private boolean await(String timeout, boolean needed) throws IOException {
        if (connection.code() >= REFUSED) {
            throw PrimaryApi.refused(connection.code(), connection.next().orElse("{}"));
        }
        for (var line = connection.next(); line.isPresent(); line = connection.next()) {
            var said = Json.members(line.get());
            switch (PrimaryApi.text(said, "state")) {
                case "held" -> {
                    return true;
                }
                case "timeout" -> {
                    if (!needed) {
                        return false;
                    }
                    throw new LeaseException("Lock %s was not free within %s: it is held by %s."
                            .formatted(name, timeout, holders(said)));
                }
                case "over" -> throw new IOException(PrimaryApi.text(said, "reason"));
                default -> {
                    // It is waited for.
                }
            }
        }
        throw new IOException("the primary has ended");
    }

    private static String holders(Map<String, @Nullable Object> said) {
        var holders = new StringJoiner(", ");
        if (said.get("holders") instanceof List<?> list) {
            list.forEach(each -> {
                if (each instanceof Map<?, ?> party) {
                    holders.add("%s (%s, %s)".formatted(party.get("holder"), party.get("by"), party.get("mode")));
                }
            });
        }
        return holders.toString();
    }

    private void watch() throws IOException {
        connection.bePatient();
        var thread = new Thread(this::awaitLoss, "lock " + name);
        thread.setDaemon(true);
        thread.start();
    }

    private void awaitLoss() {
        var reason = "the primary has died";
        try {
            reason = connection
                    .next()
                    .map(line -> PrimaryApi.text(Json.members(line), "reason"))
                    .orElse(reason);
        } catch (IOException | IllegalArgumentException e) {
            // Closed by us, or broken off: what matters is which.
            reason = "the primary has died";
        }
        if (!closed) {
            lost = reason;
        }
    }

    /** Whether others may hold it at the same time, if they share it too. */
    public boolean isShared() {
        return shared;
    }

    /** Why it is not held any more although nobody has closed it. */
    public Optional<String> lost() {
        return Optional.of(lost).filter(reason -> !reason.isEmpty());
    }

    /** Gives it back. */
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

    @Override
    public String toString() {
        return "lock " + name;
    }
}
