package example.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What goes wrong with the schema is no harm to the service. */
class SchemaTroubleIT extends SchemaTest {
    private AuditService service;

    @BeforeEach
    void start() throws Exception {
        migrate();
        service = migratedService();
        service.repository().addTenant(tenant());
    }

    @Test
    void aTableThatIsLockedForAWhileFailsNoEvent() throws Exception {
        var migrating =
                migrating(new Migration(4, "locks", "ALTER TABLE events ADD COLUMN note text; SELECT pg_sleep(0.5)"));

        record(service, 1, 10);

        assertEquals(List.of(4), migrating.get());
        eventually(() -> assertEquals(10, events()));
        assertEquals(0, service.deadLetters().size());
    }

    @Test
    void aFailingMigrationFailsNoEvent() throws Exception {
        record(service, 1, 5);
        assertThrows(
                SQLException.class,
                () -> migrate(new Migration(4, "broken", "ALTER TABLE events DROP COLUMN action; SELECT 1 / 0")));
        record(service, 6, 10);

        eventually(() -> assertEquals(10, events()));
    }

    @Test
    void countsGoOn() throws Exception {
        record(service, 1, 5);
        migrate(new Migration(4, "person", "ALTER TABLE counts ADD COLUMN person text"));
        record(service, 6, 10);

        eventually(() -> assertEquals(10, service.counter().total(tenant())));
    }
}
