package example.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class QueryTimesIT extends AuditTest {
    private EventSearch five() throws Exception {
        var service = service();
        written(service, event(1), event(2), event(3), event(4), event(5));
        return service.search();
    }

    @Test
    void theBeginningBelongsToIt() throws Exception {
        var filter = EventFilter.of(tenant()).between(NOON.plusSeconds(4), null);

        assertEquals(ids(5, 4), five().first(filter, 10).ids());
    }

    @Test
    void theEndDoesNot() throws Exception {
        var filter = EventFilter.of(tenant()).between(null, NOON.plusSeconds(3));

        assertEquals(ids(2, 1), five().first(filter, 10).ids());
    }

    @Test
    void betweenTwoTimes() throws Exception {
        var filter = EventFilter.of(tenant()).between(NOON.plusSeconds(2), NOON.plusSeconds(4));

        assertEquals(ids(3, 2), five().first(filter, 10).ids());
    }

    @Test
    void anEmptyTimeHasNoEvents() throws Exception {
        var filter = EventFilter.of(tenant()).between(NOON.plusSeconds(2), NOON.plusSeconds(2));

        assertEquals(ids(), five().first(filter, 10).ids());
    }

    @Test
    void whatIsReportedLateIsFoundWhereItBelongs() throws Exception {
        var service = service();
        written(service, event(2), event(3));

        written(service, event(1));

        assertEquals(
                ids(3, 2, 1),
                service.search().first(EventFilter.of(tenant()), 10).ids());
    }

    @Test
    void otherTenantsEventsAreNotFound() throws Exception {
        repository().addTenant(name("initech"));
        var service = service();
        written(service, event(1), of(name("initech"), event(2)));

        assertEquals(
                ids(1), service.search().first(EventFilter.of(tenant()), 10).ids());
    }
}
