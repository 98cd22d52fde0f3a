package example.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CountsTenantsIT extends AuditTest {
    @BeforeEach
    void secondTenant() throws Exception {
        repository().addTenant(name("initech"));
    }

    @Test
    void eachTenantIsCountedForItself() throws Exception {
        var service = service();
        written(service, event(1), of(name("initech"), event(2)), of(name("initech"), event(3)));

        counted(service, 1);
        eventually(() -> assertEquals(2, service.counter().total(name("initech"))));
    }

    @Test
    void aTenantWithoutEventsHasNoCounts() throws Exception {
        var service = service();
        written(service, event(1));
        counted(service, 1);

        assertEquals(Map.of(), service.counter().perAction(name("initech")));
    }

    @Test
    void purgedEventsStayCounted() throws Exception {
        var service = service();
        written(service, event(1), event(2));
        counted(service, 2);

        service.repository().purge(tenant(), NOON.plusSeconds(60));
        written(service, event(3));

        counted(service, 3);
    }

    @Test
    void forgettingSomebodyChangesNoCount() throws Exception {
        var service = service();
        written(service, event(1), event(2));
        counted(service, 2);

        service.repository().forget(tenant(), "ada");
        written(service, event(3));

        counted(service, 3);
    }
}
