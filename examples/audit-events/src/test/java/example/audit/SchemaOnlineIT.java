package example.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The schema changes while the service works. */
class SchemaOnlineIT extends SchemaTest {
    private AuditService service;

    @BeforeEach
    void start() throws Exception {
        migrate();
        service = migratedService();
        service.repository().addTenant(tenant());
    }

    private void record(int from, int to) {
        for (var number = from; number <= to; number++) {
            service.record(event(number));
        }
    }

    private void migrateBetweenEvents(String sql) throws Exception {
        record(1, 10);
        eventually(() -> assertEquals(10, events()));

        assertEquals(List.of(4), migrate(new Migration(4, "online", sql)));

        record(11, 20);
        eventually(() -> assertEquals(20, events()));
        assertEquals(0, service.deadLetters().size());
    }

    @Test
    void aNewColumn() throws Exception {
        migrateBetweenEvents("ALTER TABLE events ADD COLUMN note text");
    }

    @Test
    void aNewColumnWithADefault() throws Exception {
        migrateBetweenEvents("ALTER TABLE events ADD COLUMN note text NOT NULL DEFAULT 'none'");

        assertEquals(20, schema().number("SELECT count(*) FROM events WHERE note = 'none'"));
    }

    @Test
    void aNewIndex() throws Exception {
        migrateBetweenEvents("CREATE INDEX events_by_actor ON events (tenant, actor)");
    }

    @Test
    void aTableThatIsLockedForAWhileFailsNoEvent() throws Exception {
        var migrating = migrating(
                new Migration(4, "locks", "ALTER TABLE events ADD COLUMN note text; SELECT pg_sleep(0.5)"));

        record(1, 10);

        assertEquals(List.of(4), migrating.get());
        eventually(() -> assertEquals(10, events()));
        assertEquals(0, service.deadLetters().size());
    }

    @Test
    void aFailingMigrationFailsNoEvent() throws Exception {
        record(1, 5);
        assertThrows(
                SQLException.class,
                () -> migrate(new Migration(4, "broken", "ALTER TABLE events DROP COLUMN action; SELECT 1 / 0")));
        record(6, 10);

        eventually(() -> assertEquals(10, events()));
    }

    @Test
    void anInstanceOfTheReleaseBeforeGoesOn() throws Exception {
        migrate(new Migration(4, "note", "ALTER TABLE events ADD COLUMN note text"));
        var next = migratedService();

        record(1, 5);
        next.record(event(6));

        eventually(() -> assertEquals(6, events()));
    }

    @Test
    void countsGoOn() throws Exception {
        record(1, 5);
        migrate(new Migration(4, "person", "ALTER TABLE counts ADD COLUMN person text"));
        record(6, 10);

        eventually(() -> assertEquals(10, service.counter().total(tenant())));
    }
}
