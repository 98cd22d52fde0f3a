package example.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CountsLateIT extends AuditTest {
    @Test
    void aLateEventIsCountedInItsOwnHour() throws Exception {
        var service = service();
        written(service, event(1));
        counted(service, 1);

        written(service, at(NOON.minus(Duration.ofHours(5)), event(2)));
        counted(service, 2);

        assertEquals(
                Map.of(NOON.minus(Duration.ofHours(5)), 1L),
                service.counter().perHour(tenant(), NOON.minus(Duration.ofHours(6)), NOON));
    }

    @Test
    void whatIsSentAgainIsCountedOnceItIsWritten() throws Exception {
        var service = service();
        service.record(orphan(1));
        dead(service, 1);

        service.repository().addTenant(name("nobody"));
        service.deadLetters().redriveAll();

        eventually(() -> assertEquals(1, service.counter().total(name("nobody"))));
    }

    @Test
    void aDeadLetterIsNotCounted() throws Exception {
        var service = service();
        service.record(event(1, "", "login", "gate"));
        written(service, event(2));
        dead(service, 1);

        counted(service, 1);
    }

    @Test
    void twoInstancesCountEachEventOnce() throws Exception {
        var service = service(Settings.DEFAULT.withBatch(5));
        service(Settings.DEFAULT.withBatch(5));
        record(service, 1, 30);

        counted(service, 30);
        service.counter().run();

        assertEquals(30, service.counter().total(tenant()));
    }
}
