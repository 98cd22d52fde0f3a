package example.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

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

    private void migrateBetweenEvents(String sql) throws Exception {
        record(service, 1, 10);
        eventually(() -> assertEquals(10, events()));

        assertEquals(List.of(4), migrate(new Migration(4, "online", sql)));

        record(service, 11, 20);
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
    void anInstanceOfTheReleaseBeforeGoesOn() throws Exception {
        migrate(new Migration(4, "note", "ALTER TABLE events ADD COLUMN note text"));
        var next = migratedService();

        record(service, 1, 5);
        next.record(event(6));

        eventually(() -> assertEquals(6, events()));
    }
}
