package example.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RepositoryStoresIT extends AuditTest {
    @Test
    void anEventIsThereOnceItIsFlushed() throws Exception {
        var service = service();

        service.record(event(1));

        eventually(
                () -> assertEquals(Optional.of(event(1)), service.repository().find(id(1))));
    }

    @Test
    void anEventWaitsForOthersUntilItIsFlushed() throws Exception {
        var service = service(Settings.DEFAULT.withFlush(Duration.ofMillis(500)));
        service.record(event(1));
        eventually(() -> assertEquals(1, service.queue().size()));

        assertEquals(Optional.empty(), service.repository().find(id(1)));
        eventually(() -> assertEquals(1, service.repository().count()));
    }

    @Test
    void allFieldsComeBackAsTheyWereReported() throws Exception {
        var odd = new AuditEvent(
                id(1),
                tenant(),
                "Ada 'the first' Lovelace",
                "ränge\tändern",
                "a\nb = c; -- d",
                Instant.parse("1999-12-31T23:59:59.123456Z"));
        var service = service();

        written(service, odd);

        assertEquals(Optional.of(odd), service.repository().find(id(1)));
    }

    @Test
    void anEmptyTargetIsATargetToo() throws Exception {
        var service = service();

        written(service, event(1, "ada", "logout", ""));

        assertEquals("", service.repository().find(id(1)).orElseThrow().target());
    }

    @Test
    void anUnknownEventIsNotFound() throws Exception {
        var service = service();

        written(service, event(1));

        assertTrue(service.repository().find(id(2)).isEmpty());
    }

    @Test
    void whatIsWrittenLeavesTheQueue() throws Exception {
        var service = service();

        written(service, event(1), event(2), event(3));

        eventually(() -> assertEquals(0, service.queue().size()));
    }
}
