package example.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ShutdownRefusesIT extends AuditTest {
    @Test
    void aStoppedServiceTakesNoMore() throws Exception {
        var service = service();
        written(service, event(1));

        service.stop();

        assertThrows(IllegalStateException.class, () -> service.record(event(2)));
    }

    @Test
    void aServiceThatDrainsTakesNoMoreEither() throws Exception {
        var service = service();
        var accepted = new AtomicInteger();
        var stopping = stopping(service);

        eventually(() ->
                assertThrows(IllegalStateException.class, () -> service.record(event(accepted.incrementAndGet()))));

        assertEquals(0, stopping.get().left());
        assertEquals(accepted.get() - 1, service.repository().count());
    }

    @Test
    void whatWasRefusedIsNotWritten() throws Exception {
        var service = service();
        service.stop();

        assertThrows(IllegalStateException.class, () -> service.record(event(1)));

        assertEquals(0, service.queue().size());
        assertEquals(0, service.repository().count());
    }

    @Test
    void anotherInstanceGoesOn() throws Exception {
        var first = service();
        var second = service();

        first.stop();

        written(second, event(1), event(2));
    }
}
