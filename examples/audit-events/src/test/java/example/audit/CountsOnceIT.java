package example.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class CountsOnceIT extends AuditTest {
    @Test
    void anEventThatIsReportedTwiceIsCountedOnce() throws Exception {
        var service = service();
        written(service, event(1), event(1));
        counted(service, 1);

        service.record(event(1));
        written(service, event(2));

        counted(service, 2);
    }

    @Test
    void countingAgainAddsNothing() throws Exception {
        var service = service();
        written(service, event(1), event(2));
        counted(service, 2);

        service.counter().run();

        assertEquals(2, service.counter().total(tenant()));
    }

    @Test
    void whatComesLaterIsAdded() throws Exception {
        var service = service();
        written(service, event(1));
        counted(service, 1);

        written(service, event(2), event(3));

        counted(service, 3);
    }

    @Test
    void aRestartedServiceGoesOnWhereTheLastOneWas() throws Exception {
        var first = service();
        written(first, event(1), event(2));
        counted(first, 2);
        first.close();

        var second = service();
        written(second, event(3));

        counted(second, 3);
    }
}
