package dev.envctl.primary;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.Progress;
import dev.envctl.environment.Leases;
import dev.envctl.environment.WorkerLease;
import dev.envctl.environment.WorkerLease.Holder;
import dev.envctl.primary.Slot.Stage;
import dev.envctl.readiness.Deadline;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

/** Gives leases out, takes them back, and leaves making and removing to {@link LeaseWorks}. Thread-safe. */
final class Leasing implements AutoCloseable {
    private static final Duration REMOVING = Duration.ofSeconds(30);
    /** On the thread that watches the environment's health, which must not be held up. */
    private static final Duration RESTORING = Duration.ofSeconds(3);

    private static final Duration RESETTING = Duration.ofMinutes(1);

    private final LeaseDesk desk;
    private final Leases leases;
    private final Tokens tokens;
    private final Progress progress;
    private final Supplier<Moment> clock;
    private final LeaseWorks works;
    private final AtomicBoolean spareTaken = new AtomicBoolean();
    private volatile boolean closed;

    Leasing(LeaseDesk desk, Leases leases, Tokens tokens, Progress progress, Supplier<Moment> clock) {
        this.desk = desk;
        this.leases = leases;
        this.tokens = tokens;
        this.progress = progress;
        this.clock = clock;
        this.works = new LeaseWorks(desk, leases, tokens, progress, clock);
    }

    /**
     * Enters what is there already: fixed leases, those that an earlier primary gave out, and what it left half-made.
     *
     * @param count how many are fixed
     * @param api the address that is to stand in their files
     */
    void begin(int count, String api) {
        for (var lease : leases.given()) {
            tokens.restore(lease.worker(), lease.token());
            var slot = desk.add(new Slot(lease.worker(), Stage.FIXED, clock.get()));
            var stage = lease.kept() ? Stage.KEPT : lease.worker() <= count ? Stage.FIXED : Stage.HELD;
            slot.enter(stage, lease.reachedAt(api, lease.token()), clock.get());
            slot.heard(clock.get());
            if (!lease.equals(slot.lease())) {
                leases.give(slot.lease());
            }
            if (lease.kept()) {
                tokens.revoke(lease.worker());
            }
        }
        for (var worker : leases.abandoned()) {
            var slot = desk.add(new Slot(worker, Stage.LEAVING, clock.get()));
            works.removeLater(slot);
        }
        works.refill();
    }

    Moment now() {
        return clock.get();
    }

    LeaseWorks works() {
        return works;
    }

    LeaseDesk desk() {
        return desk;
    }

    /**
     * A lease for this holder, from those ahead of demand or made now. Where one was ready, the next is not begun here, where it
     * would slow down the answer, but by {@link LeaseWatch} a moment later.
     *
     * @throws EnvctlException TIMEOUT, USAGE where there is no room, or why it could not be made
     */
    Slot acquire(Holder holder, Duration timeout) {
        requireOpen();
        var waiter = desk.ask(clock.get());
        // Who asks at the very end is not among those who are told of it.
        requireOpen();
        if (!waiter.isDone()) {
            works.refill();
        }
        var slot = await(waiter, timeout);
        try {
            var lease = slot.lease().heldBy(holder);
            leases.give(lease);
            synchronized (desk) {
                slot.enter(Stage.HELD, lease, clock.get());
                slot.heard(clock.get());
                slot.busy = false;
            }
            return slot;
        } catch (RuntimeException e) {
            works.leave(slot);
            works.removeLater(slot);
            throw e;
        }
    }

    private Slot await(CompletableFuture<Slot> waiter, Duration timeout) {
        try {
            return served(waiter, timeout);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EnvctlException(FailureKind.INTERRUPTED, "The environment is being removed.", "", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof EnvctlException failure
                    ? failure
                    : new IllegalStateException("making a lease failed", e.getCause());
        }
    }

    private Slot served(CompletableFuture<Slot> waiter, Duration timeout)
            throws InterruptedException, ExecutionException {
        try {
            return waiter.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            if (desk.withdraw(waiter)) {
                throw new EnvctlException(
                        FailureKind.TIMEOUT,
                        "No lease became ready within %d ms; %d others wait."
                                .formatted(timeout.toMillis(), desk.waiting()),
                        "Give it longer, or raise `workers.ahead`.",
                        e);
            }
            // Served, or failed, at that very moment.
            return waiter.get();
        }
    }

    /** Whether a reset has taken a spare database since this was last asked. */
    boolean spareTaken() {
        return spareTaken.getAndSet(false);
    }

    void heartbeat(int worker) {
        synchronized (desk) {
            requireGiven(desk.slot(worker)).heard(clock.get());
        }
    }

    void reset(int worker, Set<Leases.Part> parts) {
        var slot = occupy(worker);
        try {
            if (slot.stage == Stage.KEPT) {
                throw new EnvctlException(
                        FailureKind.NOT_OWNER,
                        "Lease %d has been released; its database is kept as it was.".formatted(worker),
                        "`envctl worker release %d` removes it.".formatted(worker));
            }
            leases.reset(slot.lease(), parts, Deadline.in(RESETTING));
            if (parts.contains(Leases.Part.POSTGRES)) {
                spareTaken.set(true);
            }
        } finally {
            synchronized (desk) {
                slot.heard(clock.get());
                slot.busy = false;
            }
        }
    }

    /** A worker's own Redis server was restarted: its lease goes on with it. */
    void restoreRedis(int worker) {
        var slot = occupy(worker);
        try {
            leases.restoreRedis(slot.lease(), Deadline.in(RESTORING));
        } finally {
            synchronized (desk) {
                slot.busy = false;
            }
        }
    }

    /** Takes a lease on demand back; its database stays where it is to be kept. */
    void release(int worker, boolean keep) {
        var slot = occupy(worker);
        if (slot.stage == Stage.FIXED) {
            synchronized (desk) {
                slot.busy = false;
            }
            throw new EnvctlException(
                    FailureKind.NOT_OWNER,
                    "Lease %d was not acquired: it belongs to whoever reads its file.".formatted(worker),
                    "`envctl worker reset %d` empties it.".formatted(worker));
        }
        tokens.revoke(worker);
        if (keep) {
            keep(slot);
            return;
        }
        works.leave(slot);
        works.remove(slot);
        if (!slot.trouble.isEmpty()) {
            throw new EnvctlException(
                    FailureKind.FAILED,
                    "Lease %d is released, but could not be removed yet: %s".formatted(worker, slot.trouble),
                    "It is tried again and again; nobody gets its index before.");
        }
    }

    private void keep(Slot slot) {
        try {
            leases.keepDatabase(slot.lease(), Deadline.in(REMOVING));
        } finally {
            synchronized (desk) {
                slot.enter(Stage.KEPT, slot.lease().keptForInspection(), clock.get());
                slot.busy = false;
            }
        }
    }

    /** Takes back the leases whose holders are dead. */
    void sweep() {
        for (var slot : desk.all(slot -> true)) {
            String reason;
            String holder;
            synchronized (desk) {
                reason = slot.dead(clock.get()).orElse("");
                if (reason.isEmpty()) {
                    continue;
                }
                holder = slot.known().map(WorkerLease::holder).map(Holder::text).orElse("");
                slot.busy = true;
            }
            progress.note("Lease %d of %s returned: %s.".formatted(slot.worker, holder, reason));
            tokens.revoke(slot.worker);
            works.leave(slot);
            works.removeLater(slot);
        }
    }

    private Slot occupy(int worker) {
        requireOpen();
        synchronized (desk) {
            var slot = requireGiven(desk.slot(worker));
            if (slot.busy) {
                throw new EnvctlException(
                        FailureKind.NOT_OWNER, "Lease %d is being reset or released.".formatted(worker), "Try again.");
            }
            slot.busy = true;
            return slot;
        }
    }

    private static Slot requireGiven(Slot slot) {
        if (slot.stage == Stage.HELD || slot.stage == Stage.FIXED || slot.stage == Stage.KEPT) {
            return slot;
        }
        throw new EnvctlException(
                FailureKind.USAGE,
                "Lease %d is nobody's: it is %s.".formatted(slot.worker, slot.stage.word()),
                "`envctl worker list` shows all.");
    }

    private void requireOpen() {
        if (closed) {
            throw new EnvctlException(FailureKind.NOT_OWNER, "The environment is being removed.", "");
        }
    }

    @Override
    public void close() {
        closed = true;
        desk.failAll(new EnvctlException(FailureKind.NOT_OWNER, "The environment is being removed.", ""));
        works.close();
        leases.close();
    }
}
