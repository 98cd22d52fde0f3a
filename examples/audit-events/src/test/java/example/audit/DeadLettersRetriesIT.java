package example.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeadLettersRetriesIT extends AuditTest {
    @Test
    void whatHealsInTimeIsWritten() throws Exception {
        var service = service(Settings.DEFAULT.withAttempts(6));
        service.record(orphan(1));
        written(service, event(2));

        service.repository().addTenant(name("nobody"));

        eventually(() -> assertEquals(1, service.repository().count(name("nobody"))));
        assertEquals(List.of(), service.deadLetters().list());
    }

    @Test
    void pausesBetweenAttemptsGrow() throws Exception {
        var service = service(Settings.DEFAULT.withRetry(Duration.ofMillis(150)));
        var begun = Instant.now();
        service.record(orphan(1));

        dead(service, 1);

        // The flush, one pause, and one twice as long.
        var least = Settings.DEFAULT.flush().plusMillis(150).plusMillis(300);
        assertTrue(Duration.between(begun, Instant.now()).compareTo(least) >= 0);
    }

    @Test
    void itStaysInTheQueueUntilItIsDead() throws Exception {
        var service = service(Settings.DEFAULT.withAttempts(5));
        service.record(orphan(1));
        written(service, event(2));
        eventually(() -> assertEquals(1, service.queue().size()));

        dead(service, 1);

        eventually(() -> assertEquals(0, service.queue().size()));
    }

    @Test
    void withOneAttemptThereIsNoRetry() throws Exception {
        var service = service(Settings.DEFAULT.withAttempts(1).withFlush(Duration.ofMillis(450)));
        service.record(orphan(1));

        assertEquals(1, dead(service, 1).get(0).attempts());
    }
}
