package dev.envctl.junit;

import dev.envctl.process.OwnProcess;
import dev.envctl.worker.HeldLock;
import dev.envctl.worker.Lease;
import dev.envctl.worker.LeaseException;
import dev.envctl.worker.PrimaryApi;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The leases of this JVM: its own, those that it was told it may use, and what it has acquired. One that is another process's
 * already, such as a module's that Maven builds beside this one, is not used.
 */
final class LeasePool extends Closed {
    private static final Pattern RANGE = Pattern.compile("([1-9][0-9]{0,4})-([1-9][0-9]{0,4})");

    /**
     * What lasts as long as the JVM. Surefire executes each class by itself where it has more than one fork: the numbers of tests
     * go on, and to claim a lease anew takes until the primary has noticed that it was given back.
     */
    private static final Map<Map<String, String>, Lease> KNOWN = new ConcurrentHashMap<>();

    private static final Map<Lease, HeldLock> KEPT = new ConcurrentHashMap<>();

    private final PrimaryApi api = new PrimaryApi();
    private final Lease first;
    private final Deque<Lease> free = new ArrayDeque<>();
    private final List<Lease> acquired = new ArrayList<>();
    private final Map<Lease, HeldLock> claims = new HashMap<>();

    /** @param fixed the numbers of more leases that are for this JVM, such as {@code 1-4}; or empty */
    LeasePool(Lease first, String fixed) {
        api.requireAlive(first);
        this.first = known(first);
        try {
            claim(this.first);
            numbers(fixed)
                    .filter(number -> number != first.worker())
                    .mapToObj(number -> known(Lease.read(file(number))))
                    .forEach(this::claim);
        } catch (RuntimeException e) {
            keepClaims();
            throw e;
        }
    }

    private static Lease known(Lease lease) {
        return KNOWN.computeIfAbsent(lease.variables(), variables -> lease);
    }

    /** A lock of the environment says whose it is: the kernel gives it back when this process dies. */
    private void claim(Lease lease) {
        Optional.ofNullable(KEPT.remove(lease))
                .filter(kept -> kept.lost().isEmpty())
                .or(() -> api.tryLock(
                        lease, "envctl.worker-" + lease.worker(), "JUnit [pid %d]".formatted(OwnProcess.pid())))
                .ifPresent(claim -> {
                    claims.put(lease, claim);
                    free.add(lease);
                });
    }

    private void keepClaims() {
        KEPT.putAll(claims);
        claims.clear();
    }

    private Path file(int number) {
        return Objects.requireNonNull(first.kubeconfig().getParent()).resolve(number + ".env");
    }

    private static IntStream numbers(String fixed) {
        if (fixed.isBlank()) {
            return IntStream.empty();
        }
        var range = RANGE.matcher(fixed.strip());
        if (!range.matches()) {
            throw new LeaseException("envctl.leases is `%s`: write a range of leases such as 1-4.".formatted(fixed));
        }
        return IntStream.rangeClosed(Integer.parseInt(range.group(1)), Integer.parseInt(range.group(2)));
    }

    /** Which knows the way to the primary, whoever uses it. */
    Lease first() {
        return first;
    }

    Taken take(String who) {
        var lease = takeFree();
        return new Taken(this, lease == null ? acquire(who) : lease);
    }

    private synchronized @Nullable Lease takeFree() {
        return free.pollFirst();
    }

    private Lease acquire(String who) {
        var lease = api.acquire(first, "JUnit, first for " + who, OwnProcess.pid());
        synchronized (this) {
            acquired.add(lease);
        }
        return lease;
    }

    private synchronized void giveBack(Lease lease) {
        free.addFirst(lease);
    }

    /** Leases would return at the end of this process too. */
    @Override
    public synchronized void close() {
        for (var lease : acquired) {
            try {
                api.release(lease);
            } catch (LeaseException e) {
                Logger.getLogger(LeasePool.class.getName()).log(Level.WARNING, e.getMessage());
            }
        }
        keepClaims();
    }

    /** A lease that nobody else in this JVM has at the moment. */
    static final class Taken extends Closed {
        private final LeasePool pool;
        private final Lease lease;

        private Taken(LeasePool pool, Lease lease) {
            this.pool = pool;
            this.lease = lease;
        }

        Lease lease() {
            return lease;
        }

        @Override
        public void close() {
            pool.giveBack(lease);
        }
    }
}
