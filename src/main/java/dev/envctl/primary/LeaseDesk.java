package dev.envctl.primary;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.environment.WorkerLease;
import dev.envctl.primary.Slot.Stage;
import dev.envctl.spec.OnDemandRoom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;

/**
 * Which index is whose, who waits for one, and what must be made: decides, and does nothing itself. Thread-safe. Whoever
 * came first gets the next lease that is ready.
 */
final class LeaseDesk {
    private final int count;
    private final int ahead;
    private final OnDemandRoom room;
    private final Map<Integer, Slot> slots = new TreeMap<>();
    private final Deque<CompletableFuture<Slot>> waiters = new ArrayDeque<>();

    /**
     * Nothing is there yet.
     *
     * @param count how many indexes are never on demand
     * @param ahead how many leases are to be ready before anybody asks
     */
    LeaseDesk(int count, int ahead, OnDemandRoom room) {
        this.count = count;
        this.ahead = ahead;
        this.room = room;
    }

    synchronized Slot add(Slot slot) {
        slots.put(slot.worker, slot);
        return slot;
    }

    synchronized void forget(Slot slot) {
        slots.remove(slot.worker);
    }

    synchronized Optional<Slot> find(int worker) {
        return Optional.ofNullable(slots.get(worker));
    }

    /** @throws EnvctlException USAGE where nobody has this index */
    synchronized Slot slot(int worker) {
        var slot = slots.get(worker);
        if (slot == null) {
            throw new EnvctlException(
                    FailureKind.USAGE, "There is no lease %d.".formatted(worker), "`envctl worker list` shows all.");
        }
        return slot;
    }

    synchronized List<Slot> all(Predicate<Slot> which) {
        return slots.values().stream().filter(which).toList();
    }

    /**
     * A lease that is ready now or later.
     *
     * @throws EnvctlException USAGE where none can become free by itself, with the arithmetic
     */
    synchronized CompletableFuture<Slot> ask(Moment now) {
        var mine = new CompletableFuture<Slot>();
        var ready = first(Stage.AHEAD);
        if (waiters.isEmpty() && ready.isPresent()) {
            serve(mine, ready.get(), now);
            return mine;
        }
        var taken = count(Stage.HELD) + count(Stage.KEPT) + stuck();
        if (taken + waiters.size() >= room.most()) {
            throw refused(taken);
        }
        waiters.add(mine);
        return mine;
    }

    /** No longer waits; false where it has been served meanwhile. */
    synchronized boolean withdraw(CompletableFuture<Slot> waiter) {
        return waiters.removeIf(one -> one == waiter);
    }

    /**
     * What is to be made now, each to be offered or to be removed: as many slots as there are who wait, and room for. Ahead of
     * demand one after the other: they are to cost those who use theirs as little as can be.
     */
    synchronized Collection<Slot> toMake(boolean alsoAhead, Moment now) {
        var begun = new ArrayList<Slot>();
        var wanted = waiters.size() + (alsoAhead ? ahead : 0);
        var atOnce = Math.max(1, waiters.size());
        var worker = count + 1;
        while (count(Stage.MAKING) + count(Stage.AHEAD) < wanted
                && count(Stage.MAKING) < atOnce
                && worker <= count + room.most()) {
            if (!slots.containsKey(worker)) {
                begun.add(add(new Slot(worker, Stage.MAKING, now)));
            }
            worker++;
        }
        return begun;
    }

    /** A lease that has been made: for whoever waits longest, or ahead of demand. */
    synchronized void offer(Slot slot, WorkerLease lease, Moment now) {
        slot.enter(Stage.AHEAD, lease, now);
        var waiter = waiters.poll();
        if (waiter != null) {
            serve(waiter, slot, now);
        }
    }

    private static void serve(CompletableFuture<Slot> waiter, Slot slot, Moment now) {
        slot.enter(Stage.HELD, slot.lease(), now);
        // Until its holder's name is written.
        slot.busy = true;
        waiter.complete(slot);
    }

    /** A lease that could not be made: whoever waits longest is told. */
    synchronized boolean fail(RuntimeException failure) {
        var waiter = waiters.poll();
        return waiter != null && waiter.completeExceptionally(failure);
    }

    synchronized void failAll(RuntimeException failure) {
        while (!waiters.isEmpty()) {
            fail(failure);
        }
    }

    /** Nobody waits and nothing is being made. */
    synchronized boolean calm() {
        return waiters.isEmpty() && count(Stage.MAKING) == 0;
    }

    synchronized int waiting() {
        return waiters.size();
    }

    OnDemandRoom room() {
        return room;
    }

    private Optional<Slot> first(Stage stage) {
        return slots.values().stream().filter(slot -> slot.stage == stage).findFirst();
    }

    private int count(Stage stage) {
        return (int) slots.values().stream().filter(slot -> slot.stage == stage).count();
    }

    /** Those that do not go: waiting for them would be waiting for a person. */
    private int stuck() {
        return (int) slots.values().stream()
                .filter(slot -> slot.stage == Stage.LEAVING && !slot.trouble.isEmpty())
                .count();
    }

    private EnvctlException refused(int taken) {
        var kept = count(Stage.KEPT);
        return new EnvctlException(
                FailureKind.USAGE,
                "There is no room for another lease: %d of %d on demand are taken%s%s; %s."
                        .formatted(
                                taken,
                                room.most(),
                                kept == 0 ? "" : " (%d of them kept for inspection)".formatted(kept),
                                waiters.isEmpty() ? "" : " and %d wait".formatted(waiters.size()),
                                room.reason()),
                "%s Or release one: `envctl worker list` shows who holds them."
                        .formatted(room.change())
                        .strip());
    }
}
