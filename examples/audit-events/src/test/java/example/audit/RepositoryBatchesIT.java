package example.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RepositoryBatchesIT extends AuditTest {
    private AuditEvent[] events(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(this::event).toArray(AuditEvent[]::new);
    }

    @Test
    void aFullBatchDoesNotWaitForTheFlush() throws Exception {
        var service = service(Settings.DEFAULT.withBatch(10).withFlush(Duration.ofMinutes(1)));

        written(service, events(10));

        assertEquals(10, service.repository().count());
    }

    @Test
    void whatIsOverTheBatchWaitsForTheFlush() throws Exception {
        var service = service(Settings.DEFAULT.withBatch(10));
        for (var event : events(12)) {
            service.record(event);
        }

        eventually(() -> assertTrue(service.repository().count() >= 10));
        eventually(() -> assertEquals(12, service.repository().count()));
    }

    @Test
    void manyBatchesAreWrittenOneAfterTheOther() throws Exception {
        var service = service(Settings.DEFAULT.withBatch(20));

        written(service, events(110));

        assertEquals(110, service.repository().count(tenant()));
    }

    @Test
    void eventsThatComeOneByOneAreFlushedTogether() throws Exception {
        var service = service(Settings.DEFAULT.withFlush(Duration.ofMillis(500)));
        service.record(event(1));
        eventually(() -> assertEquals(1, service.queue().size()));
        service.record(event(2));

        eventually(() -> assertTrue(service.repository().count() > 0));

        assertEquals(2, service.repository().count());
    }

    @Test
    void aSecondFlushFollowsTheFirst() throws Exception {
        var service = service();

        written(service, event(1));
        written(service, event(2));

        assertEquals(2, service.repository().count(tenant()));
    }

    @Test
    void twoInstancesShareTheWork() throws Exception {
        var service = service(Settings.DEFAULT.withBatch(10));
        service(Settings.DEFAULT.withBatch(10));

        written(service, events(60));

        assertEquals(60, service.repository().count(tenant()));
        eventually(() -> assertEquals(0, service.queue().size()));
    }
}
