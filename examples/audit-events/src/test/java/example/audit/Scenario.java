package example.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import redis.clients.jedis.RedisClient;

/** What all tests do: start the service, report events to it, and wait until it has done what it does in the background. */
abstract class Scenario {
    /** When the events of a test begin. */
    static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private Connections connections;
    private String prefix;

    /** @param prefix of all names that the test makes */
    void begin(Connections to, String prefix) throws Exception {
        connections = to;
        this.prefix = prefix;
        connections.clean();
        new EventRepository(database()).addTenant(tenant());
    }

    @AfterEach
    void closeAll() throws Exception {
        Exception failure = null;
        while (!open.isEmpty()) {
            try {
                open.pop().close();
            } catch (Exception e) {
                failure = e;
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** A name in Postgres or Redis. */
    String name(String text) {
        return prefix + text;
    }

    /** Whose the events of the test are. */
    String tenant() {
        return name("acme");
    }

    Database database() {
        return connections.database();
    }

    RedisClient redis() {
        return connections.redis();
    }

    /** Its methods do without the service running. */
    EventRepository repository() {
        return new EventRepository(database());
    }

    AuditService service() {
        return service(Settings.DEFAULT);
    }

    /** One more instance, which ends with the test. */
    AuditService service(Settings settings) {
        return closing(new AuditService(database(), redis(), name("audit"), settings));
    }

    <T extends AutoCloseable> T closing(T resource) {
        open.push(resource);
        return resource;
    }

    /** The n-th event of the test, n seconds after noon. */
    AuditEvent event(int number) {
        return event(number, "ada", "login", "door " + number);
    }

    AuditEvent event(int number, String actor, String action, String target) {
        return new AuditEvent(id(number), tenant(), actor, action, target, NOON.plusSeconds(number));
    }

    AuditEvent of(String otherTenant, AuditEvent event) {
        return new AuditEvent(event.id(), otherTenant, event.actor(), event.action(), event.target(), event.at());
    }

    AuditEvent at(Instant time, AuditEvent event) {
        return new AuditEvent(event.id(), event.tenant(), event.actor(), event.action(), event.target(), time);
    }

    String id(int number) {
        return name("event-" + number);
    }

    List<String> ids(int... numbers) {
        return Arrays.stream(numbers).mapToObj(this::id).toList();
    }

    /** Reports the events of these numbers. */
    void record(AuditService service, int from, int to) {
        for (var number = from; number <= to; number++) {
            service.record(event(number));
        }
    }

    /** Reports events and waits until they are written. */
    void written(AuditService service, AuditEvent... events) throws Exception {
        var ids = Stream.of(events).map(AuditEvent::id).distinct().toArray(String[]::new);
        for (var event : events) {
            service.record(event);
        }
        eventually(() -> assertEquals(
                ids.length,
                database().number("SELECT count(*) FROM events WHERE id = ANY (?)", (Object) ids),
                "events in the database"));
    }

    /** Waits until so many events of the tenant are counted. */
    void counted(AuditService service, long expected) throws Exception {
        eventually(() -> assertEquals(expected, service.counter().total(tenant()), "counted events"));
    }

    /** Waits until there are so many dead letters. */
    List<DeadLetters.Letter> dead(AuditService service, int expected) throws Exception {
        eventually(() -> assertEquals(expected, service.deadLetters().size(), "dead letters"));
        return service.deadLetters().list();
    }

    /** One that cannot be written as long as nobody adds its tenant. */
    AuditEvent orphan(int number) {
        return of(name("nobody"), event(number));
    }

    CompletableFuture<AuditService.Stopped> stopping(AuditService service) {
        return inBackground(service::stop);
    }

    /** Ends before the test does. */
    <T> CompletableFuture<T> inBackground(Callable<T> work) {
        var result = new CompletableFuture<T>();
        var thread = new Thread(() -> {
            try {
                result.complete(work.call());
            } catch (Throwable e) {
                result.completeExceptionally(e);
            }
        });
        thread.start();
        closing(thread::join);
        return result;
    }

    static void eventually(Eventually.Assertion assertion) throws Exception {
        Eventually.holds(assertion);
    }
}
