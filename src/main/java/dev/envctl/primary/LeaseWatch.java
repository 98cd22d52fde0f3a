package dev.envctl.primary;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.Progress;
import dev.envctl.environment.Leases;
import dev.envctl.primary.Slot.Stage;
import dev.envctl.readiness.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * What happens to leases by itself: those of dead holders return, removed ones become free when their namespaces are gone,
 * tokens are renewed before they expire, copies of the database are made in advance, and what is written past all leases is told.
 */
final class LeaseWatch implements AutoCloseable {
    private static final Duration EVERY = Duration.ofMillis(250);
    private static final Duration LIMIT = Duration.ofSeconds(10);
    /** A copy of a large database takes long. */
    private static final Duration COPYING = Duration.ofMinutes(3);

    private static final Duration LEAK = Duration.ofSeconds(5);
    /** A namespace usually takes a few seconds; one that does not go has content that does not. */
    private static final Duration LONG = Duration.ofSeconds(30);

    private final Leasing leasing;
    private final LeaseDesk desk;
    private final Leases leases;
    private final Progress progress;
    private final int spares;
    private final Consumer<String> notices;
    /** A thread for each round: most talk to services that may hang, and a dead holder is noticed all the same. */
    private final ScheduledExecutorService threads =
            Executors.newScheduledThreadPool(5, task -> LeaseWorks.thread(task, "watch leases"));

    private final List<Future<?>> rounds = new ArrayList<>();
    /** Those that could not be removed; what fails is told where it happens. */
    private final Map<Slot, Retried> removing = new HashMap<>();

    private final Retried settling;
    private final Retried copying;
    private final Retried looking;
    private final Retried renewing;
    private volatile boolean replenished;
    private String leak = "";

    /**
     * Begins nothing.
     *
     * @param spares how many copies of the database are made in advance
     * @param notices told what the next command should say
     */
    LeaseWatch(Leasing leasing, Leases leases, Progress progress, int spares, Consumer<String> notices) {
        this.leasing = leasing;
        this.desk = leasing.desk();
        this.leases = leases;
        this.progress = progress;
        this.spares = spares;
        this.notices = notices;
        this.settling = retried();
        this.copying = retried();
        this.looking = retried();
        this.renewing = retried();
    }

    private Retried retried() {
        return new Retried(() -> leasing.now().nanos(), this::tell);
    }

    private void tell(String problem) {
        if (!threads.isShutdown()) {
            progress.note("Tending the leases: " + problem);
        }
    }

    Leasing leasing() {
        return leasing;
    }

    void start() {
        every(EVERY, leasing::sweep);
        every(EVERY, this::tend);
        every(EVERY, this::copy);
        every(LEAK, () -> looking.attempt(this::lookForLeaks));
        every(LIMIT, () -> renewing.attempt(() -> leases.renewTokens(Deadline.in(LIMIT))));
    }

    private void every(Duration pause, Runnable work) {
        rounds.add(threads.scheduleWithFixedDelay(() -> said(work), 0, pause.toMillis(), TimeUnit.MILLISECONDS));
    }

    /** What fails is tried again with the next round. */
    private void said(Runnable work) {
        try {
            work.run();
        } catch (EnvctlException e) {
            tell(e.problem());
        } catch (RuntimeException e) {
            progress.warn("Tending the leases failed: " + e);
        }
    }

    /** One round; visible for tests, which have no clock that ticks. */
    void tend() {
        var leaving = desk.all(slot -> slot.stage == Stage.LEAVING);
        if (!leaving.isEmpty()) {
            replenished = false;
            settling.attempt(() -> settle(leaving));
        }
        leasing.works().refill();
        if (leasing.spareTaken() || !desk.calm()) {
            replenished = false;
        }
    }

    /** Makes copies of the database in advance while nobody waits for anything else; visible for tests. */
    void copy() {
        if (!replenished && desk.calm()) {
            // What is taken meanwhile is noticed by the next round.
            replenished = true;
            if (!copying.attempt(() -> leases.replenish(spares, Deadline.in(COPYING)))) {
                replenished = false;
            }
        }
    }

    /** Tells a leak once, and again after it was cleaned up. */
    void lookForLeaks() {
        var found = leases.leak(Deadline.in(LIMIT));
        if (leak.isEmpty() && !found.isEmpty()) {
            notices.accept("Leak: " + found);
        }
        leak = found;
    }

    private void settle(List<Slot> leaving) {
        var present = leases.leaving(Deadline.in(LIMIT));
        for (var slot : leaving) {
            if (!slot.removed) {
                if (!slot.trouble.isEmpty()) {
                    removing.computeIfAbsent(
                                    slot,
                                    troubled -> new Retried(() -> leasing.now().nanos(), problem -> {}))
                            .attempt(() -> remove(slot));
                }
            } else if (!present.containsKey(slot.worker)) {
                leases.gone(slot.worker);
                desk.forget(slot);
                removing.remove(slot);
            } else {
                stuck(slot, present.getOrDefault(slot.worker, ""));
            }
        }
    }

    private void remove(Slot slot) {
        leasing.works().remove(slot);
        if (!slot.trouble.isEmpty()) {
            throw new EnvctlException(FailureKind.FAILED, slot.trouble, "");
        }
    }

    private void stuck(Slot slot, String keeping) {
        var overdue = slot.since.until(leasing.now()).compareTo(LONG) > 0;
        if (!overdue || !slot.trouble.isEmpty()) {
            return;
        }
        var trouble = keeping.isEmpty() ? "its namespace does not go" : keeping;
        synchronized (desk) {
            slot.trouble = trouble;
        }
        progress.warn("Lease %d was released, but its namespace stays: %s. Nobody gets its index before it is gone."
                .formatted(slot.worker, trouble));
    }

    @Override
    public void close() {
        rounds.forEach(round -> round.cancel(true));
        threads.shutdownNow();
        leasing.close();
    }
}
