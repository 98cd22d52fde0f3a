package example.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CountsHoursIT extends AuditTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private AuditService threeHours() throws Exception {
        var service = service();
        written(
                service,
                event(1),
                event(2),
                at(NOON.plus(HOUR), event(3)),
                at(NOON.plus(HOUR).minusMillis(1), event(4)),
                at(NOON.plus(HOUR.multipliedBy(3)), event(5)));
        counted(service, 5);
        return service;
    }

    @Test
    void eachHourHasItsEvents() throws Exception {
        var counts = threeHours().counter().perHour(tenant(), NOON, NOON.plus(HOUR.multipliedBy(4)));

        assertEquals(Map.of(NOON, 3L, NOON.plus(HOUR), 1L, NOON.plus(HOUR.multipliedBy(3)), 1L), counts);
    }

    @Test
    void theHourOfTheBeginningCountsAsAWhole() throws Exception {
        var counts = threeHours().counter().perHour(tenant(), NOON.plusSeconds(1800), NOON.plus(HOUR));

        assertEquals(Map.of(NOON, 3L), counts);
    }

    @Test
    void anHourWithoutEventsIsNotThere() throws Exception {
        var counts = threeHours()
                .counter()
                .perHour(tenant(), NOON.plus(HOUR.multipliedBy(2)), NOON.plus(HOUR.multipliedBy(3)));

        assertEquals(Map.of(), counts);
    }

    @Test
    void hoursAreThoseOfUtc() throws Exception {
        var service = service();
        var midnight = Instant.parse("2026-03-29T00:00:00Z");
        written(service, at(midnight.minusSeconds(1), event(1)), at(midnight, event(2)));
        counted(service, 2);

        var counts = service.counter().perHour(tenant(), midnight.minus(HOUR), midnight.plus(HOUR));

        assertEquals(Map.of(midnight.minus(HOUR), 1L, midnight, 1L), counts);
    }
}
