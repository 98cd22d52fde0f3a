package example.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RepositoryTenantsIT extends AuditTest {
    private AuditService twoTenants() throws Exception {
        repository().addTenant(name("initech"));
        var service = service();
        written(service, event(1), event(2, "bob", "login", "gate"), of(name("initech"), event(3)));
        return service;
    }

    @Test
    void eachTenantHasItsOwnEvents() throws Exception {
        var repository = twoTenants().repository();

        assertEquals(2, repository.count(tenant()));
        assertEquals(1, repository.count(name("initech")));
    }

    @Test
    void aTenantMayBeAddedTwice() throws Exception {
        var repository = twoTenants().repository();

        repository.addTenant(tenant());

        assertEquals(2, repository.count(tenant()));
    }

    @Test
    void purgingTakesWhatIsOlder() throws Exception {
        var repository = twoTenants().repository();

        assertEquals(1, repository.purge(tenant(), NOON.plusSeconds(2)));

        assertTrue(repository.find(id(1)).isEmpty());
        assertEquals(1, repository.count(tenant()));
    }

    @Test
    void purgingLeavesOtherTenantsAlone() throws Exception {
        var repository = twoTenants().repository();

        assertEquals(2, repository.purge(tenant(), NOON.plusSeconds(60)));

        assertEquals(1, repository.count(name("initech")));
    }

    @Test
    void forgettingTakesThePersonAndLeavesTheEvent() throws Exception {
        var repository = twoTenants().repository();

        assertEquals(1, repository.forget(tenant(), "ada"));

        assertEquals("forgotten", repository.find(id(1)).orElseThrow().actor());
        assertEquals("bob", repository.find(id(2)).orElseThrow().actor());
    }

    @Test
    void forgettingLeavesOtherTenantsAlone() throws Exception {
        var repository = twoTenants().repository();

        repository.forget(tenant(), "ada");

        assertEquals("ada", repository.find(id(3)).orElseThrow().actor());
    }
}
