package dev.envctl.primary;

import dev.envctl.Progress;
import dev.envctl.environment.Leases;
import dev.envctl.primary.Slot.Stage;
import dev.envctl.readiness.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Makes leases that there is demand for and removes those that are leaving, in the background. Thread-safe. */
final class LeaseWorks implements AutoCloseable {
    /** One lease at a time is made by each of so many threads. */
    private static final int MAKERS = 4;

    private static final Duration MAKING = Duration.ofMinutes(1);
    private static final Duration REMOVING = Duration.ofSeconds(30);
    /** Before leases ahead of demand are tried again after a failure. */
    private static final Duration PAUSE = Duration.ofMinutes(1);

    private final LeaseDesk desk;
    private final Leases leases;
    private final Tokens tokens;
    private final Progress progress;
    private final Supplier<Moment> clock;
    private final ExecutorService makers = threads("make leases");
    private final ExecutorService removers = threads("remove leases");
    private volatile Moment failed;
    private volatile boolean closed;

    LeaseWorks(LeaseDesk desk, Leases leases, Tokens tokens, Progress progress, Supplier<Moment> clock) {
        this.desk = desk;
        this.leases = leases;
        this.tokens = tokens;
        this.progress = progress;
        this.clock = clock;
        var now = clock.get();
        this.failed = new Moment(now.wall(), now.nanos() - PAUSE.toNanos());
    }

    /** What is asked of them after their end is not done: all goes with the environment then. */
    private static ExecutorService threads(String name) {
        return new ThreadPoolExecutor(
                MAKERS,
                MAKERS,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                task -> thread(task, name),
                new ThreadPoolExecutor.DiscardPolicy());
    }

    static Thread thread(Runnable task, String name) {
        var thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** The lease is nobody's any more, and is to be removed. */
    void leave(Slot slot) {
        synchronized (desk) {
            slot.enter(Stage.LEAVING, slot.known().orElse(null), clock.get());
            slot.busy = false;
        }
    }

    void removeLater(Slot slot) {
        removers.execute(() -> remove(slot));
    }

    /**
     * Removes what belongs to a slot that is leaving, but for its namespace, which goes later. The slot's trouble says why that
     * failed; it is told unless it was told last.
     */
    void remove(Slot slot) {
        var trouble = "";
        try {
            leases.remove(slot.worker, Deadline.in(REMOVING));
        } catch (RuntimeException e) {
            trouble = String.valueOf(e.getMessage());
        }
        boolean known;
        synchronized (desk) {
            known = trouble.equals(slot.trouble);
            slot.removed = trouble.isEmpty();
            slot.trouble = trouble;
        }
        if (!trouble.isEmpty() && !known && !closed) {
            progress.warn("Lease %d could not be removed yet: %s".formatted(slot.worker, trouble));
        }
    }

    /** Has made what there is demand for. */
    void refill() {
        var alsoAhead = failed.until(clock.get()).compareTo(PAUSE) >= 0;
        for (var slot : closed ? List.<Slot>of() : desk.toMake(alsoAhead, clock.get())) {
            makers.execute(() -> make(slot));
        }
    }

    private void make(Slot slot) {
        try {
            var lease = leases.make(slot.worker, tokens.issue(slot.worker), Deadline.in(MAKING));
            desk.offer(slot, lease, clock.get());
            refill();
        } catch (RuntimeException e) {
            tokens.revoke(slot.worker);
            failed = clock.get();
            leave(slot);
            if (!desk.fail(e) && !closed) {
                progress.warn("A lease ahead of demand could not be made: " + e.getMessage());
            }
            removeLater(slot);
        }
    }

    @Override
    public void close() {
        closed = true;
        makers.shutdownNow();
        removers.shutdownNow();
        try {
            if (!makers.awaitTermination(2, TimeUnit.SECONDS) || !removers.awaitTermination(2, TimeUnit.SECONDS)) {
                progress.note("Not all work on leases ended in time; what it made goes with the environment.");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
