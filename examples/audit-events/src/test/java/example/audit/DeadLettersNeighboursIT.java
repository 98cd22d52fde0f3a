package example.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class DeadLettersNeighboursIT extends AuditTest {
    @Test
    void othersOfTheSameBatchAreWritten() throws Exception {
        var service = service();
        service.record(orphan(1));

        written(service, event(2), event(3), event(4));

        dead(service, 1);
        assertEquals(3, service.repository().count());
    }

    @Test
    void aFullBatchWithManyDeadOnesLosesNothing() throws Exception {
        var service = service(Settings.DEFAULT.withBatch(10));
        for (var number = 1; number <= 5; number++) {
            service.record(orphan(100 + number));
        }

        written(service, event(1), event(2), event(3), event(4), event(5));

        dead(service, 5);
        assertEquals(5, service.repository().count(tenant()));
    }

    @Test
    void whatComesWhileOneIsRetriedIsNotKeptWaiting() throws Exception {
        var service = service();
        service.record(orphan(1));
        written(service, event(2));

        written(service, event(3));

        assertEquals(2, service.repository().count(tenant()));
        dead(service, 1);
    }

    @Test
    void eachIsOneLetter() throws Exception {
        var service = service();
        for (var number = 1; number <= 6; number++) {
            service.record(orphan(number));
        }

        var letters = dead(service, 6);

        assertEquals(
                6,
                letters.stream().map(each -> each.fields().get("id")).distinct().count());
    }
}
