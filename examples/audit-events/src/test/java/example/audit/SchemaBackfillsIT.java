package example.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SchemaBackfillsIT extends SchemaTest {
    private static final Duration PAUSE = Duration.ofMillis(80);

    @BeforeEach
    void someOldEvents() throws Exception {
        migrate();
        oldEvents(40);
    }

    private long with(String severity) throws Exception {
        return schema().number("SELECT count(*) FROM events WHERE severity = ?", severity);
    }

    @Test
    void allOldEventsGetTheirSeverity() throws Exception {
        assertEquals(40, new Backfill(schema(), 10, PAUSE).run());

        assertEquals(10, with("high"));
        assertEquals(30, with("normal"));
    }

    @Test
    void itGoesOnWhereItWasInterrupted() throws Exception {
        new Backfill(schema(), 10, PAUSE).step();

        assertEquals(30, new Backfill(schema(), 10, PAUSE).run());

        assertEquals(40, with("high") + with("normal"));
    }

    @Test
    void twoAtOnceDoEachEventOnce() throws Exception {
        var first = inBackground(() -> new Backfill(schema(), 5, PAUSE).run());
        var second = inBackground(() -> new Backfill(schema(), 5, PAUSE).run());

        assertEquals(40, first.get() + second.get());
    }

    @Test
    void eventsAreWrittenMeanwhile() throws Exception {
        var filling = inBackground(() -> new Backfill(schema(), 8, PAUSE).run());
        var service = migratedService();

        service.record(event(1));

        eventually(() -> assertEquals(41, events()));
        assertEquals(40, filling.get());
    }

    @Test
    void newEventsHaveTheirsAlready() throws Exception {
        new Backfill(schema(), 40, PAUSE).run();
        var service = migratedService();
        service.record(event(1, "ada", "delete", "invoice"));
        eventually(() -> assertEquals(11, with("high")));

        assertEquals(0, new Backfill(schema(), 40, PAUSE).run());
    }
}
