package example.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ShutdownDrainsIT extends AuditTest {
    @Test
    void whatWasAcceptedIsWritten() throws Exception {
        var service = service();
        record(service, 1, 20);

        var stopped = service.stop();

        assertEquals(0, stopped.left());
        assertEquals(20, service.repository().count());
    }

    @Test
    void itIsQuietForAWhileBeforeItEnds() throws Exception {
        var service = service();
        var begun = Instant.now();

        service.stop();

        assertTrue(Duration.between(begun, Instant.now()).compareTo(Settings.DEFAULT.quiet()) >= 0);
    }

    @Test
    void whatWasWrittenIsCounted() throws Exception {
        var service = service();
        service.record(event(1));
        service.record(event(2));

        service.stop();

        assertEquals(2, service.counter().total(tenant()));
    }

    @Test
    void whatOthersSendMeanwhileIsNotLost() throws Exception {
        var service = service();
        var stopping = stopping(service);

        service.queue().send(event(1));

        stopping.get();
        assertEquals(1, service.repository().count() + service.queue().size());
    }
}
