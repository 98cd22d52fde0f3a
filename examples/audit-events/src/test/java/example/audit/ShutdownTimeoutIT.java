package example.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** One event that cannot be written yet keeps the service from draining its queue. */
class ShutdownTimeoutIT extends AuditTest {
    private AuditService stuck() {
        return stuck(Duration.ofMillis(500));
    }

    private AuditService stuck(Duration drain) {
        var service = service(Settings.DEFAULT
                .withAttempts(10)
                .withRetry(Duration.ofMillis(200))
                .withDrain(drain));
        service.record(orphan(1));
        return service;
    }

    @Test
    void whatIsNotDrainedInTimeIsLeft() throws Exception {
        var service = stuck();

        assertEquals(1, service.stop().left());
    }

    @Test
    void itTakesAsLongAsItMay() throws Exception {
        var service = stuck();
        var begun = Instant.now();

        service.stop();

        assertTrue(Duration.between(begun, Instant.now()).toMillis() >= 500);
    }

    @Test
    void whatIsLeftIsWrittenByTheNext() throws Exception {
        var service = stuck();
        service.stop();
        service.repository().addTenant(name("nobody"));

        service();

        eventually(() -> assertEquals(1, service.repository().count(name("nobody"))));
    }

    @Test
    void othersAreWrittenInTime() throws Exception {
        var service = stuck(Duration.ofMillis(1200));
        service.record(event(2));
        service.record(event(3));

        assertEquals(1, service.stop().left());

        assertEquals(2, service.repository().count(tenant()));
    }
}
