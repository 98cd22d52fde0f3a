package example.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class SchemaRefusesIT extends SchemaTest {
    private static final String LOCK = "SELECT pg_advisory_xact_lock(hashtext(current_schema()))";
    private static final Migration NOTE = new Migration(4, "note", "ALTER TABLE events ADD COLUMN note text");

    @Test
    void aDatabaseOfALaterRelease() throws Exception {
        migrate(NOTE);

        var failure = assertThrows(SchemaMismatch.class, () -> migrate());

        assertEquals("the database has version 4, which this release does not know", failure.getMessage());
    }

    @Test
    void aMigrationThatWasChangedAfterwards() throws Exception {
        migrate(NOTE);

        var failure =
                assertThrows(SchemaMismatch.class, () -> migrate(new Migration(4, "note", NOTE.sql() + " DEFAULT ''")));

        assertEquals("migration 4 was changed after it was applied", failure.getMessage());
    }

    @Test
    void whatIsRefusedIsNotChanged() throws Exception {
        migrate(NOTE);
        var changed = new Migration(4, "note", "SELECT 1");
        var later = new Migration(5, "later", "ALTER TABLE events ADD COLUMN later text");

        assertThrows(SchemaMismatch.class, () -> migrate(changed, later));

        assertEquals(0, column("later"));
        assertEquals(1, column("note"));
    }

    @Test
    void anotherInstanceThatTakesTooLong() throws Exception {
        var release = new CompletableFuture<Void>();
        var other = holding(LOCK, release);

        assertThrows(SchemaMismatch.class, () -> migrate(Duration.ofMillis(400)));

        release.complete(null);
        other.get();
        assertEquals(List.of(1, 2, 3), migrate());
    }

    @Test
    void aMigrationThatIsChangedWhileOneWaits() throws Exception {
        migrate(NOTE);
        var other = holding(LOCK, Duration.ofMillis(600));

        assertThrows(SchemaMismatch.class, () -> migrate(new Migration(4, "note", "SELECT 1")));

        other.get();
    }
}
