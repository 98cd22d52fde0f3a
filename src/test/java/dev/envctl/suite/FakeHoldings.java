package dev.envctl.suite;

import dev.envctl.EnvctlException;
import dev.envctl.environment.WorkerLease;
import dev.envctl.readiness.Deadline;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/**
 * An environment without leases, whose turns are shared but for those of suites that run alone; it refuses whom the test
 * told it to.
 */
final class FakeHoldings implements Holdings {
    private static final int ALL = 100;

    private final Semaphore places = new Semaphore(ALL, true);
    private final Map<String, EnvctlException> turns = new ConcurrentHashMap<>();
    private final Map<String, EnvctlException> leases = new ConcurrentHashMap<>();

    /** Who had a turn and gave it back, in order, such as {@code begin api} and {@code end api}. */
    final List<String> told = new CopyOnWriteArrayList<>();

    FakeHoldings refusesTurn(String suite, EnvctlException why) {
        turns.put(suite, why);
        return this;
    }

    FakeHoldings refusesLease(String suite, EnvctlException why) {
        leases.put(suite, why);
        return this;
    }

    @Override
    public Turn turn(String suite, boolean alone, Deadline deadline, Consumer<String> waiting) {
        refuse(turns, suite);
        var taken = alone ? ALL : 1;
        places.acquireUninterruptibly(taken);
        told.add((alone ? "begin alone " : "begin ") + suite);
        return new Turn() {
            @Override
            public Optional<String> lost() {
                return Optional.empty();
            }

            @Override
            public void close() {
                told.add("end " + suite);
                places.release(taken);
            }
        };
    }

    @Override
    public WorkerLease lease(String suite, Deadline deadline, Consumer<String> waiting) {
        refuse(leases, suite);
        throw new UnsupportedOperationException("no leases are given here");
    }

    @Override
    public void release(WorkerLease lease) {
        throw new UnsupportedOperationException("no leases are given here");
    }

    private static void refuse(Map<String, EnvctlException> refusals, String suite) {
        var refusal = refusals.get(suite);
        if (refusal != null) {
            throw refusal;
        }
    }
}
