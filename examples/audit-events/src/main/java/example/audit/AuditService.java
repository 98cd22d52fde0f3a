package example.audit;

import java.sql.SQLException;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import redis.clients.jedis.RedisClient;

/** Takes events, writes and counts them in the background, and ends without losing any. Many instances may work together. */
final class AuditService implements AutoCloseable {
    /**
     * How it ended.
     *
     * @param written events that were written since its end was asked for
     * @param left what is in the queue for the next instance
     */
    record Stopped(int written, long left) {}

    private final EventQueue queue;
    private final DeadLetters dead;
    private final EventRepository repository;
    private final EventSearch search;
    private final Counter counter;
    private final Writer writer;
    private final Thread thread;
    private final ScheduledExecutorService counting = Executors.newSingleThreadScheduledExecutor();
    private volatile boolean accepting;

    /** @param name of its queue */
    AuditService(Database database, RedisClient redis, String name, Settings settings) {
        queue = new EventQueue(redis, name);
        dead = new DeadLetters(redis, name + ":dead", queue);
        repository = new EventRepository(database);
        search = new EventSearch(database);
        counter = new Counter(database);
        var instance = UUID.randomUUID().toString();
        writer = new Writer(queue, dead, repository, settings, instance);
        thread = new Thread(writer, "writer " + instance);
        thread.setDaemon(true);
        queue.create();
        thread.start();
        counting.scheduleWithFixedDelay(
                this::count, settings.count().toMillis(), settings.count().toMillis(), TimeUnit.MILLISECONDS);
        accepting = true;
    }

    /** @throws IllegalStateException if it ends */
    void record(AuditEvent event) {
        if (!accepting) {
            throw new IllegalStateException("the service is shutting down");
        }
        queue.send(event);
    }

    EventRepository repository() {
        return repository;
    }

    EventSearch search() {
        return search;
    }

    Counter counter() {
        return counter;
    }

    DeadLetters deadLetters() {
        return dead;
    }

    EventQueue queue() {
        return queue;
    }

    /** Takes no more events, writes those it has, counts them, and ends. */
    Stopped stop() throws InterruptedException, SQLException {
        accepting = false;
        var before = writer.written();
        writer.drain();
        thread.join();
        counting.shutdown();
        counting.awaitTermination(10, TimeUnit.SECONDS);
        counter.run();
        return new Stopped(writer.written() - before, queue.size());
    }

    /** Ends at once: what is in the queue stays there. */
    @Override
    public void close() throws InterruptedException {
        accepting = false;
        writer.end();
        counting.shutdown();
        thread.join();
        counting.awaitTermination(10, TimeUnit.SECONDS);
    }

    private void count() {
        try {
            counter.run();
        } catch (SQLException e) {
            // The next time will count them too.
            System.getLogger("audit").log(System.Logger.Level.DEBUG, "counting failed", e);
        }
    }
}
