package example.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CountsAgainIT extends AuditTest {
    @Test
    void countingAllAgainGivesTheSame() throws Exception {
        var service = service();
        written(service, event(1), event(2), at(NOON.plusSeconds(7200), event(3)));
        counted(service, 3);
        var before = service.counter().perHour(tenant(), NOON, NOON.plus(Duration.ofDays(1)));

        service.counter().recount();

        assertEquals(before, service.counter().perHour(tenant(), NOON, NOON.plus(Duration.ofDays(1))));
    }

    @Test
    void countingAllAgainLeavesOutWhatWasPurged() throws Exception {
        var service = service();
        written(service, event(1), event(2), event(3));
        counted(service, 3);
        service.repository().purge(tenant(), NOON.plusSeconds(3));

        service.counter().recount();

        assertEquals(Map.of("login", 1L), service.counter().perAction(tenant()));
    }

    @Test
    void countingGoesOnAfterwards() throws Exception {
        var service = service();
        written(service, event(1));
        counted(service, 1);

        service.counter().recount();
        written(service, event(2));

        counted(service, 2);
    }

    @Test
    void wrongCountsAreMended() throws Exception {
        var service = service();
        written(service, event(1), event(2));
        counted(service, 2);
        database().execute("UPDATE counts SET events = 100");

        service.counter().recount();

        assertEquals(2, service.counter().total(tenant()));
    }
}
