package example.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;

class SchemaMigratesIT extends SchemaTest {
    @Test
    void anEmptyDatabaseGetsAllVersions() throws Exception {
        assertEquals(List.of(1, 2, 3), migrate());

        var service = migratedService();
        service.repository().addTenant(tenant());
        service.record(event(1));
        eventually(() -> assertEquals(1, service.counter().total(tenant())));
    }

    @Test
    void aSecondStartChangesNothing() throws Exception {
        migrate();
        var service = migratedService();
        service.repository().addTenant(tenant());
        service.record(event(1));
        service.stop();

        assertEquals(List.of(), migrate());

        assertEquals(1, events());
    }

    @Test
    void anOldDatabaseGetsWhatItLacks() throws Exception {
        new Migrations(schema(), Migration.released().subList(0, 2), java.time.Duration.ofSeconds(10)).run();
        oldEvents(4);

        assertEquals(List.of(3), migrate());

        var service = migratedService();
        service.record(event(1));
        eventually(() -> assertEquals(5, events()));
    }

    @Test
    void aFailingMigrationLeavesNothingOfItself() throws Exception {
        migrate();
        var broken = new Migration(4, "broken", "ALTER TABLE events ADD COLUMN half text; SELECT 1 / 0");

        assertThrows(SQLException.class, () -> migrate(broken));

        assertEquals(0, column("half"));
        assertEquals(List.of(4), migrate(new Migration(4, "whole", "ALTER TABLE events ADD COLUMN whole text")));
    }

    @Test
    void aLongMigrationIsWaitedFor() throws Exception {
        var migrating = migrating(new Migration(4, "long", "SELECT pg_sleep(0.6)"));

        assertEquals(List.of(1, 2, 3, 4), migrating.get());
    }
}
