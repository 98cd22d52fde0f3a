package dev.envctl.primary;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Named locks for what cannot be isolated. First come, first served: who asks waits behind everybody who asked before, so
 * a request to share that comes after one for exclusive use waits too, and nobody starves. Thread-safe.
 */
final class Locks {
    /** Each open request costs a thread of the API. */
    static final int MOST_REQUESTS = 512;
    /** Of one worker, so that none can keep all others from asking. */
    static final int MOST_OF_ONE = 128;

    static final String OWNER = "owner";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
    private static final int LONGEST_HOLDER = 200;

    /** How a lock is used. */
    enum Mode {
        EXCLUSIVE,
        SHARED;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Who holds a lock or waits for it.
     *
     * @param who as they call themselves
     * @param by whose token was used, such as {@code worker 3}
     * @param since when it was taken, or for one that waits when it was asked for
     */
    record Party(String who, String by, Mode mode, Instant since) {}

    /** A lock that somebody holds; the first of the waiters comes next. */
    record Held(String name, List<Party> holders, List<Party> waiters) {
        Held {
            holders = List.copyOf(holders);
            waiters = List.copyOf(waiters);
        }
    }

    /** How a request stands. */
    sealed interface Standing {
        /**
         * It is somebody else's.
         *
         * @param position from 1: the next to get it
         */
        record Waiting(int position, List<Party> holders) implements Standing {
            public Waiting {
                holders = List.copyOf(holders);
            }
        }

        /**
         * It is ours.
         *
         * @param wanted whether somebody waits for it
         */
        record Holding(boolean wanted) implements Standing {}

        /** The lock is worth nothing any more. */
        record Over(String reason) implements Standing {}
    }

    private final InstantSource clock;
    private final Map<String, Queue> queues = new TreeMap<>();
    private final Map<String, Integer> requests = new HashMap<>();
    private String over = "";

    Locks(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Stands in line; returns at once.
     *
     * @throws EnvctlException USAGE for a name that is none, NOT_OWNER after the end, FAILED where too many ask
     */
    synchronized Request ask(String name, Mode mode, String who, String by) {
        if (!NAME.matcher(name).matches()) {
            throw noName(name);
        }
        if (!over.isEmpty()) {
            throw new EnvctlException(FailureKind.NOT_OWNER, "There are no locks any more: %s.".formatted(over), "");
        }
        requireRoom(by);
        requests.merge(by, 1, Integer::sum);
        var request = new Request(name, mode, printable(who), by);
        queues.computeIfAbsent(name, found -> new Queue()).add(request);
        return request;
    }

    private void requireRoom(String by) {
        var all = requests.values().stream().mapToInt(Integer::intValue).sum();
        var own = requests.getOrDefault(by, 0);
        if (all >= MOST_REQUESTS || (own >= MOST_OF_ONE && !by.equals(OWNER))) {
            throw new EnvctlException(
                    FailureKind.FAILED,
                    "Locks are held or waited for %d times, %d times by %s, and there can be no more."
                            .formatted(all, own, by),
                    "`envctl status` shows by whom.");
        }
    }

    static EnvctlException noName(String name) {
        return new EnvctlException(
                FailureKind.USAGE,
                "`%s` is no name for a lock.".formatted(printable(name)),
                "Use up to 63 letters, digits, `.`, `_` and `-`, a letter or digit first.");
    }

    /** All that somebody holds, by name. */
    synchronized List<Held> list() {
        return queues.entrySet().stream()
                .map(entry ->
                        new Held(entry.getKey(), parties(entry.getValue().holders), parties(entry.getValue().waiters)))
                .toList();
    }

    /** Ends all requests, for the first reason that is given. */
    synchronized void end(String reason) {
        if (over.isEmpty()) {
            over = reason;
            notifyAll();
        }
    }

    private static List<Party> parties(List<Request> requests) {
        return requests.stream().map(request -> request.party).toList();
    }

    /** It is shown on terminals. */
    static String printable(String text) {
        var line = text.replaceAll("\\p{C}", " ").strip();
        return line.length() > LONGEST_HOLDER ? line.substring(0, LONGEST_HOLDER) + "…" : line;
    }

    /** Those who want one lock. Guarded by the locks. */
    private static final class Queue {
        final List<Request> holders = new ArrayList<>();
        final List<Request> waiters = new ArrayList<>();

        void add(Request request) {
            waiters.add(request);
            grant();
        }

        void remove(Request request) {
            holders.remove(request);
            waiters.remove(request);
            grant();
        }

        private void grant() {
            while (!waiters.isEmpty() && fits(waiters.get(0))) {
                var next = waiters.remove(0);
                holders.add(next);
                next.granted();
            }
        }

        private boolean fits(Request next) {
            return holders.isEmpty()
                    || (next.party.mode() == Mode.SHARED && holders.get(0).party.mode() == Mode.SHARED);
        }
    }

    /** A place in the line, and then the lock; closing it gives up either. */
    final class Request implements AutoCloseable {
        private final String name;
        private Party party;
        private boolean closed;

        private Request(String name, Mode mode, String who, String by) {
            this.name = name;
            this.party = new Party(who, by, mode, clock.instant());
        }

        private void granted() {
            party = new Party(party.who(), party.by(), party.mode(), clock.instant());
        }

        /** How it stands as soon as that is not {@code seen} any more, or after the limit. */
        Standing await(Standing seen, Duration limit) throws InterruptedException {
            synchronized (Locks.this) {
                var until = System.nanoTime() + limit.toNanos();
                var standing = standing();
                while (standing.equals(seen)) {
                    var left = (until - System.nanoTime() + 999_999) / 1_000_000;
                    if (left <= 0) {
                        break;
                    }
                    Locks.this.wait(left);
                    standing = standing();
                }
                return standing;
            }
        }

        Standing standing() {
            synchronized (Locks.this) {
                if (!over.isEmpty()) {
                    return new Standing.Over(over);
                }
                var queue = queues.get(name);
                if (closed || queue == null) {
                    return new Standing.Over("it was given back");
                }
                return queue.holders.contains(this)
                        ? new Standing.Holding(!queue.waiters.isEmpty())
                        : new Standing.Waiting(queue.waiters.indexOf(this) + 1, parties(queue.holders));
            }
        }

        @Override
        public void close() {
            synchronized (Locks.this) {
                var queue = queues.get(name);
                if (closed || queue == null) {
                    return;
                }
                closed = true;
                requests.merge(party.by(), -1, Integer::sum);
                queue.remove(this);
                if (queue.holders.isEmpty()) {
                    queues.remove(name);
                }
                Locks.this.notifyAll();
            }
        }
    }
}
