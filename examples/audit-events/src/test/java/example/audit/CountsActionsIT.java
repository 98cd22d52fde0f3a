package example.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CountsActionsIT extends AuditTest {
    private AuditService some() throws Exception {
        var service = service();
        written(
                service,
                event(1, "ada", "logout", "gate"),
                event(2, "ada", "login", "gate"),
                event(3, "bob", "login", "gate"),
                event(4, "bob", "delete", "invoice"),
                event(5, "eve", "login", "gate"));
        counted(service, 5);
        return service;
    }

    @Test
    void eachActionHasItsEvents() throws Exception {
        assertEquals(
                Map.of("login", 3L, "logout", 1L, "delete", 1L),
                some().counter().perAction(tenant()));
    }

    @Test
    void theMostFrequentComesFirst() throws Exception {
        var actions = new ArrayList<>(some().counter().perAction(tenant()).keySet());

        assertEquals(List.of("login", "delete", "logout"), actions);
    }

    @Test
    void aNewActionJoinsThem() throws Exception {
        var service = some();

        written(service, event(6, "eve", "export", "ledger"));
        counted(service, 6);

        assertEquals(1, service.counter().perAction(tenant()).get("export"));
    }

    @Test
    void actionsOfManyHoursAreAddedUp() throws Exception {
        var service = some();

        written(service, at(NOON.plusSeconds(7200), event(6)), at(NOON.plusSeconds(90000), event(7)));
        counted(service, 7);

        assertEquals(5, service.counter().perAction(tenant()).get("login"));
    }
}
