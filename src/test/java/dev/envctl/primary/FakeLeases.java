package dev.envctl.primary;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.environment.Leases;
import dev.envctl.environment.WorkerLease;
import dev.envctl.readiness.Deadline;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** Leases without anything behind them; says what was asked of it. */
final class FakeLeases implements Leases {
    final List<WorkerLease> given = new ArrayList<>();
    final List<Integer> abandoned = new ArrayList<>();
    final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    final Map<Integer, WorkerLease> files = Collections.synchronizedMap(new TreeMap<>());
    final Map<Integer, String> namespaces = Collections.synchronizedMap(new TreeMap<>());
    /** As many leases as this has permits are made; the next one waits. */
    final Semaphore makeable = new Semaphore(1000);

    final AtomicInteger removals = new AtomicInteger();
    volatile String failure = "";
    volatile String leak = "";
    private int made;

    static WorkerLease lease(int worker, String token) {
        return new WorkerLease(
                worker,
                "w%d-0a1b2c3d".formatted(worker),
                "w%d-0a1b2c3d".formatted(worker),
                "/workers/%d.kubeconfig".formatted(worker),
                "worker-" + worker,
                null,
                null,
                new WorkerLease.Ports(1, 2),
                List.of(),
                "http://127.0.0.1:1",
                token,
                "00",
                null,
                false);
    }

    private void check() {
        if (!failure.isEmpty()) {
            throw new EnvctlException(FailureKind.FAILED, failure, "");
        }
    }

    @Override
    public List<WorkerLease> given() {
        return List.copyOf(given);
    }

    @Override
    public Collection<Integer> abandoned() {
        return List.copyOf(abandoned);
    }

    @Override
    public WorkerLease make(int worker, String token, Deadline deadline) {
        try {
            makeable.acquire();
        } catch (InterruptedException e) {
            throw new EnvctlException(FailureKind.INTERRUPTED, "interrupted", "", e);
        }
        check();
        synchronized (this) {
            made++;
        }
        namespaces.put(worker, "");
        asked.add("make " + worker);
        return lease(worker, token);
    }

    synchronized int made() {
        return made;
    }

    @Override
    public void give(WorkerLease lease) {
        asked.add("give " + lease.worker());
        files.put(lease.worker(), lease);
    }

    @Override
    public void restoreRedis(WorkerLease lease, Deadline deadline) {
        asked.add("restore Redis " + lease.worker());
    }

    @Override
    public void reset(WorkerLease lease, Set<Part> parts, Deadline deadline) {
        check();
        asked.add("reset " + lease.worker() + (parts.size() < Part.values().length ? " " + parts : ""));
    }

    @Override
    public void keepDatabase(WorkerLease lease, Deadline deadline) {
        asked.add("keep " + lease.worker());
        namespaces.remove(lease.worker());
    }

    @Override
    public void remove(int worker, Deadline deadline) {
        removals.incrementAndGet();
        files.remove(worker);
        check();
        asked.add("remove " + worker);
    }

    @Override
    public Map<Integer, String> leaving(Deadline deadline) {
        return new TreeMap<>(namespaces);
    }

    @Override
    public void gone(int worker) {
        asked.add("gone " + worker);
    }

    @Override
    public void renewTokens(Deadline deadline) {
        asked.add("renew tokens");
    }

    @Override
    public String leak(Deadline deadline) {
        return leak;
    }

    @Override
    public void replenish(int spares, Deadline deadline) {
        asked.add("replenish " + spares);
    }

    @Override
    public void close() {
        asked.add("close");
    }
}
