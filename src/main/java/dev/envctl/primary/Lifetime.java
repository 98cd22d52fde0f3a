package dev.envctl.primary;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.envctl.process.KnownProcess;
import dev.envctl.spec.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How long the environment may stay. Counts on a monotonic clock: neither a change of the wall clock nor the time for which the
 * machine was suspended counts. Who attaches can only make it last longer, never end it sooner. Thread-safe.
 *
 * <p>Idle means: since it was ready no request to the API, no {@code up}, {@code env} or {@code status}, and nothing that
 * {@link Use} finds.
 */
final class Lifetime {
    /** Something that keeps an environment from being idle, such as an open connection. */
    @FunctionalInterface
    interface Use {
        /** Whether it is used at this moment, or was since the last time this was asked. */
        boolean now();
    }

    private final LongSupplier nanos;
    private final boolean ephemeral;
    private final List<KnownProcess> owners;
    private @Nullable Duration ttl;
    private long end;
    private @Nullable Duration idle;
    private long lastUsed;
    private boolean rests;
    private boolean owned;

    Lifetime(LifetimeLimits limits, LongSupplier nanos) {
        this.nanos = nanos;
        this.ephemeral = limits.ephemeral();
        this.owners = new ArrayList<>(limits.owners());
        this.owned = !owners.isEmpty();
        this.ttl = limits.ttl();
        this.end = ttl == null ? 0 : nanos.getAsLong() + ttl.toNanos();
        this.idle = limits.idle();
    }

    /** From here on being idle counts: the environment is there to be used. */
    synchronized void rests() {
        rests = true;
        used();
    }

    synchronized void used() {
        lastUsed = nanos.getAsLong();
    }

    /** Why the environment is to end now; empty while it may stay. */
    synchronized Optional<String> over(Use use) {
        if (ttl != null && end - nanos.getAsLong() <= 0) {
            return Optional.of("its time to live of %s is over".formatted(Durations.format(ttl)));
        }
        if (owned) {
            var before = List.copyOf(owners);
            owners.removeIf(owner -> !owner.alive());
            if (owners.isEmpty()) {
                return Optional.of(before.stream()
                        .map(owner -> Long.toString(owner.pid()))
                        .collect(Collectors.joining(
                                ", ", before.size() == 1 ? "its owner (pid " : "its owners (pids ", ") is gone")));
            }
        }
        if (idle != null && rests) {
            if (use.now()) {
                used();
            }
            if (nanos.getAsLong() - lastUsed >= idle.toNanos()) {
                return Optional.of("nobody used it for %s".formatted(Durations.format(idle)));
            }
        }
        return Optional.empty();
    }

    /**
     * Lets it live so long from now on.
     *
     * @return false where it stays longer anyway
     */
    synchronized boolean extend(Duration longer) {
        var next = nanos.getAsLong() + longer.toNanos();
        if (ttl == null || next - end <= 0) {
            return false;
        }
        ttl = longer;
        end = next;
        return true;
    }

    /**
     * Lets it be idle so long.
     *
     * @return false where it may be idle for longer anyway
     */
    synchronized boolean rest(Duration longer) {
        if (idle == null || longer.compareTo(idle) <= 0) {
            return false;
        }
        idle = longer;
        return true;
    }

    /**
     * Lets it stay as long as this process runs, too.
     *
     * @return false where it stays without an owner
     */
    synchronized boolean add(KnownProcess owner) {
        if (owned && !owners.contains(owner)) {
            owners.add(owner);
        }
        return owned;
    }

    /** Its owners may go without it: {@code down} or its time to live ends it. */
    synchronized void disown() {
        owners.clear();
        owned = false;
        idle = null;
    }

    synchronized List<KnownProcess> owners() {
        return List.copyOf(owners);
    }

    /** {@code {ephemeral, ttl, endsAt, idle, idleEndsAt, owners: [pid]}}; what does not apply is left out. */
    synchronized JsonObject json() {
        var json = new JsonObject();
        json.addProperty("ephemeral", ephemeral);
        if (ttl != null) {
            json.addProperty("ttl", Durations.format(ttl));
            json.addProperty("endsAt", in(end - nanos.getAsLong()));
        }
        if (idle != null) {
            json.addProperty("idle", Durations.format(idle));
            if (rests) {
                json.addProperty("idleEndsAt", in(lastUsed + idle.toNanos() - nanos.getAsLong()));
            }
        }
        if (owned) {
            var pids = new JsonArray();
            owners.forEach(owner -> pids.add(owner.pid()));
            json.add("owners", pids);
        }
        return json;
    }

    private static String in(long nanos) {
        return Instant.now()
                .plusNanos(nanos)
                .truncatedTo(java.time.temporal.ChronoUnit.SECONDS)
                .toString();
    }
}
