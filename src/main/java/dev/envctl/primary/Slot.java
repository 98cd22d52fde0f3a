package dev.envctl.primary;

import dev.envctl.environment.WorkerLease;
import dev.envctl.environment.WorkerLease.Holder;
import dev.envctl.process.KnownProcess;
import dev.envctl.spec.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** An index and what is the case with its lease. Guarded by the {@link LeaseDesk} that has it. */
final class Slot {
    /** From the first intent to the last thing that is gone. */
    enum Stage {
        MAKING,
        /** Ready, and nobody's yet. */
        AHEAD,
        HELD,
        /** It belongs to whoever reads its file, from the beginning to the end of the environment. */
        FIXED,
        /** Released but for its database. */
        KEPT,
        LEAVING;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** For a lease whose holder gives neither process nor time to live. */
    static final Duration DEFAULT_TTL = Duration.ofMinutes(5);

    final int worker;
    Stage stage;
    Moment since;
    /** Why it is not in order; empty while it is. */
    String trouble = "";
    /** Whether something is being done to it that must end first. */
    boolean busy;
    /** Whether all but its namespace is removed. */
    boolean removed;

    private Moment heard;
    private @Nullable WorkerLease lease;

    Slot(int worker, Stage stage, Moment now) {
        this.worker = worker;
        this.stage = stage;
        this.since = now;
        this.heard = now;
    }

    WorkerLease lease() {
        return Objects.requireNonNull(lease, () -> "worker %d is %s".formatted(worker, stage));
    }

    Optional<WorkerLease> known() {
        return Optional.ofNullable(lease);
    }

    void enter(Stage next, @Nullable WorkerLease now, Moment at) {
        stage = next;
        lease = now;
        since = at;
    }

    void heard(Moment now) {
        heard = now;
    }

    Instant lastHeard() {
        return heard.wall();
    }

    private Optional<Holder> holder() {
        return known().map(WorkerLease::holder);
    }

    /** How long it lives without a heartbeat; empty where it lives as long as a process. */
    Optional<Duration> ttl() {
        return holder().map(Holder::ttl).filter(ttl -> !ttl.isEmpty()).map(Durations::parse);
    }

    /** When it returns by itself unless something is heard; empty where it lives as long as a process. */
    Optional<Instant> expires(Moment now) {
        return stage == Stage.HELD ? ttl().map(ttl -> now.wall().plus(ttl.minus(heard.until(now)))) : Optional.empty();
    }

    /** Why its holder is taken for dead; empty while it is not. */
    Optional<String> dead(Moment now) {
        if (stage != Stage.HELD || busy) {
            return Optional.empty();
        }
        var process = holder().filter(holder -> holder.pid() != 0)
                .map(holder -> new KnownProcess(holder.pid(), holder.started()));
        if (process.isPresent() && !process.get().alive()) {
            return Optional.of("process %d has ended".formatted(process.get().pid()));
        }
        return ttl().filter(ttl -> heard.until(now).compareTo(ttl) > 0)
                .map(ttl -> "no heartbeat within " + Durations.format(ttl));
    }
}
