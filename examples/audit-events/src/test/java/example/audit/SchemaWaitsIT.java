package example.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class SchemaWaitsIT extends SchemaTest {
    private static final Migration NOTE = new Migration(4, "note", "ALTER TABLE events ADD COLUMN note text");

    @Test
    void ofManyInstancesOneMigrates() throws Exception {
        var slow = new Migration(4, "slow", "SELECT pg_sleep(0.3)");
        var instances = new ArrayList<CompletableFuture<List<Integer>>>();
        for (var instance = 0; instance < 4; instance++) {
            instances.add(migrating(slow));
        }

        var applied = new ArrayList<Integer>();
        for (var instance : instances) {
            applied.addAll(instance.get());
        }

        assertEquals(List.of(1, 2, 3, 4), applied.stream().sorted().toList());
    }

    @Test
    void aReportThatRunsIsWaitedFor() throws Exception {
        migrate();
        var report = holding("SELECT count(*) FROM events", Duration.ofMillis(500));

        var migrating = migrating(NOTE);

        assertEquals(List.of(4), migrating.get());
        report.get();
    }

    @Test
    void whoWaitsForAReportKeepsNobodyElseWaiting() throws Exception {
        migrate();
        var report = holding("SELECT count(*) FROM events", Duration.ofMillis(600));
        var migrating = migrating(NOTE);

        oldEvents(10);

        assertEquals(10, events());
        assertEquals(List.of(4), migrating.get());
        report.get();
    }

    @Test
    void aReportThatRunsTooLongIsToldOf() throws Exception {
        migrate();
        var release = new CompletableFuture<Void>();
        var report = holding("SELECT count(*) FROM events", release);

        var failure = assertThrows(SchemaMismatch.class, () -> migrate(Duration.ofMillis(400), NOTE));

        assertTrue(failure.getMessage().startsWith("migration 4 has waited 400 ms"), failure.getMessage());
        assertEquals(0, column("note"));
        release.complete(null);
        report.get();
    }
}
