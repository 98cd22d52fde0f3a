package example.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class QueryFiltersIT extends AuditTest {
    private EventSearch some() throws Exception {
        var service = service();
        written(
                service,
                event(1, "ada", "login", "front door"),
                event(2, "bob", "login.denied", "Back Door"),
                event(3, "ada", "delete", "invoice 7"),
                event(4, "bob", "login", "front door"));
        return service.search();
    }

    @Test
    void byWhoDidIt() throws Exception {
        assertEquals(
                ids(3, 1), some().first(EventFilter.of(tenant()).by("ada"), 10).ids());
    }

    @Test
    void byWhatWasDone() throws Exception {
        assertEquals(
                ids(4, 1),
                some().first(EventFilter.of(tenant()).action("login"), 10).ids());
    }

    @Test
    void byHowSevereItIs() throws Exception {
        assertEquals(
                ids(3, 2),
                some().first(EventFilter.of(tenant()).severity("high"), 10).ids());
    }

    @Test
    void byAPartOfTheTarget() throws Exception {
        assertEquals(
                ids(4, 2, 1),
                some().first(EventFilter.of(tenant()).containing("door"), 10).ids());
    }

    @Test
    void aPercentSignIsNoPattern() throws Exception {
        assertEquals(
                ids(),
                some().first(EventFilter.of(tenant()).containing("%"), 10).ids());
    }

    @Test
    void filtersHoldTogether() throws Exception {
        var filter = EventFilter.of(tenant()).by("bob").containing("DOOR").severity("normal");

        assertEquals(ids(4), some().first(filter, 10).ids());
    }
}
