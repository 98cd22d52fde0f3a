package example.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Closing is what a crash is: nothing is drained. */
class ShutdownCrashIT extends AuditTest {
    private AuditService crashed(int events) throws Exception {
        var service = service(Settings.DEFAULT.withFlush(Duration.ofMinutes(1)));
        record(service, 1, events);
        service.close();
        return service;
    }

    @Test
    void whatWasNotFlushedStaysInTheQueue() throws Exception {
        var service = crashed(3);

        assertEquals(3, service.queue().size());
        assertEquals(0, service.repository().count());
    }

    @Test
    void theNextInstanceWritesIt() throws Exception {
        crashed(3);

        var next = service();

        eventually(() -> assertEquals(3, next.repository().count()));
        eventually(() -> assertEquals(0, next.queue().size()));
    }

    @Test
    void theNextInstanceWritesNothingTwice() throws Exception {
        var service = service();
        written(service, event(1), event(2));
        service.close();

        var next = service();
        written(next, event(3));

        assertEquals(3, next.repository().count());
    }

    @Test
    void inTheMiddleOfManyBatchesNothingIsLost() throws Exception {
        var service = service(Settings.DEFAULT.withBatch(5));
        record(service, 1, 30);
        eventually(() -> assertTrue(service.repository().count() > 0));
        service.close();

        service(Settings.DEFAULT.withBatch(5));

        eventually(() -> assertEquals(30, service.repository().count()));
    }

    @Test
    void aCrashedServiceTakesNoMore() throws Exception {
        var service = service();
        written(service, event(1));

        service.close();
        service.close();

        assertThrows(IllegalStateException.class, () -> service.record(event(2)));
    }
}
