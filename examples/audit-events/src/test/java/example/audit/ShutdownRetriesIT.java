package example.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ShutdownRetriesIT extends AuditTest {
    @Test
    void aRetryIsWaitedFor() throws Exception {
        var service = service(Settings.DEFAULT.withDrain(Duration.ofSeconds(10)));
        service.record(orphan(1));

        assertEquals(0, service.stop().left());

        assertEquals(1, service.deadLetters().size());
    }

    @Test
    void whatHealsMeanwhileIsWritten() throws Exception {
        var service = service(Settings.DEFAULT.withAttempts(8).withDrain(Duration.ofSeconds(10)));
        service.record(orphan(1));
        var stopping = stopping(service);

        service.repository().addTenant(name("nobody"));

        assertEquals(0, stopping.get().left());
        assertEquals(1, service.repository().count(name("nobody")));
    }

    @Test
    void aBrokenOneKeepsNoOtherFromBeingWritten() throws Exception {
        var service = service(Settings.DEFAULT.withDrain(Duration.ofSeconds(10)));
        service.record(event(1, "", "login", "gate"));
        service.record(event(2));

        service.stop();

        assertEquals(1, service.deadLetters().size());
        assertEquals(1, service.repository().count());
    }

    @Test
    void manyBatchesAreDrained() throws Exception {
        var service = service(Settings.DEFAULT.withBatch(10).withDrain(Duration.ofSeconds(10)));
        record(service, 1, 60);

        assertEquals(0, service.stop().left());

        assertEquals(60, service.repository().count());
    }
}
