package example.audit;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.resps.StreamEntry;

/**
 * Takes events from the queue and writes them to Postgres, many at once. What fails is tried again later, and a dead letter in
 * the end. An event leaves the queue only after it was written: a crash loses none.
 */
final class Writer implements Runnable {
    private final EventQueue queue;
    private final DeadLetters dead;
    private final EventRepository repository;
    private final Settings settings;
    private final String instance;

    private final List<Delivery> fresh = new ArrayList<>();
    private final List<Delivery> failed = new ArrayList<>();
    private final Set<StreamEntryID> held = new HashSet<>();
    private long freshSince;
    private long lastClaim = System.nanoTime();
    private volatile long lastNews = System.nanoTime();
    private volatile boolean ended;
    private volatile long drainUntil;
    private volatile boolean draining;
    private volatile int written;

    Writer(EventQueue queue, DeadLetters dead, EventRepository repository, Settings settings, String instance) {
        this.queue = queue;
        this.dead = dead;
        this.repository = repository;
        this.settings = settings;
        this.instance = instance;
    }

    @Override
    public void run() {
        while (!ended && !drained()) {
            try {
                take();
                write();
            } catch (JedisException | SQLException e) {
                // Nothing is lost by it: what is held stays in the queue.
                pause(settings.retry());
            }
        }
    }

    /** Writes what is in the queue, and ends when nothing more comes. */
    void drain() {
        lastNews = System.nanoTime();
        drainUntil = System.nanoTime() + settings.drain().toNanos();
        draining = true;
    }

    /** Ends now; what is held stays in the queue. */
    void end() {
        ended = true;
    }

    /** How many events it has written. */
    int written() {
        return written;
    }

    private boolean drained() {
        if (!draining) {
            return false;
        }
        var now = System.nanoTime();
        return now - drainUntil >= 0
                || (held.isEmpty() && now - lastNews >= settings.quiet().toNanos());
    }

    private void take() {
        var room = settings.batch() - fresh.size();
        if (room > 0) {
            queue.take(instance, room, settings.poll()).forEach(this::hold);
        }
        var now = System.nanoTime();
        if (now - lastClaim >= settings.claim().toNanos() / 2) {
            lastClaim = now;
            queue.claim(instance, settings.claim(), settings.batch()).stream()
                    .filter(entry -> !held.contains(entry.getID()))
                    .forEach(this::hold);
        }
    }

    private void hold(StreamEntry entry) {
        lastNews = System.nanoTime();
        AuditEvent event;
        try {
            event = AuditEvent.of(entry.getFields());
        } catch (RuntimeException e) {
            dead.add(entry.getFields(), "not an event: " + e.getMessage(), 0);
            queue.done(List.of(entry.getID()));
            return;
        }
        if (fresh.isEmpty()) {
            freshSince = lastNews;
        }
        held.add(entry.getID());
        fresh.add(new Delivery(entry.getID(), event, 0, lastNews));
    }

    private void write() throws SQLException {
        var now = System.nanoTime();
        if (!fresh.isEmpty()
                && (draining
                        || fresh.size() >= settings.batch()
                        || now - freshSince >= settings.flush().toNanos())) {
            writeAll(List.copyOf(fresh));
        }
        for (var delivery : failed.stream().filter(each -> each.isDue(now)).toList()) {
            failed.remove(delivery);
            writeOne(delivery);
        }
    }

    /** Where one of them cannot be written, all others are. */
    private void writeAll(List<Delivery> deliveries) throws SQLException {
        try {
            written += repository.add(deliveries.stream().map(Delivery::event).toList());
            fresh.clear();
            done(deliveries);
        } catch (SQLException e) {
            fresh.clear();
            for (var delivery : deliveries) {
                writeOne(delivery);
            }
        }
    }

    private void writeOne(Delivery delivery) {
        try {
            written += repository.add(List.of(delivery.event()));
            done(List.of(delivery));
        } catch (SQLException e) {
            var attempts = delivery.attempts() + 1;
            if (attempts >= settings.attempts()) {
                dead.add(delivery.event().fields(), reason(e), attempts);
                done(List.of(delivery));
            } else {
                queue.keep(instance, delivery.entry());
                var pause = settings.retry().toNanos() << (attempts - 1);
                failed.add(new Delivery(delivery.entry(), delivery.event(), attempts, System.nanoTime() + pause));
            }
        }
    }

    private static String reason(SQLException failure) {
        var cause = failure.getNextException() == null ? failure : failure.getNextException();
        return String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
    }

    private void done(List<Delivery> deliveries) {
        var entries = deliveries.stream().map(Delivery::entry).toList();
        queue.done(entries);
        entries.forEach(held::remove);
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
