package example.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class ShutdownManyIT extends AuditTest {
    @Test
    void whenOneStopsTheOtherTakesAll() throws Exception {
        var first = service();
        var second = service();
        record(first, 1, 20);

        first.stop();
        record(second, 21, 30);

        eventually(() -> assertEquals(30, second.repository().count()));
    }

    @Test
    void whenBothStopNothingIsLeft() throws Exception {
        var first = service();
        var second = service();
        record(first, 1, 20);

        var stopping = stopping(first);
        second.stop();
        stopping.get();

        assertEquals(0, first.queue().size());
        assertEquals(20, first.repository().count());
    }

    @Test
    void whenBothStopEachEventIsCountedOnce() throws Exception {
        var first = service();
        var second = service();
        record(first, 1, 10);
        record(second, 11, 20);

        var stopping = stopping(first);
        second.stop();
        stopping.get();
        first.counter().run();

        assertEquals(20, first.counter().total(tenant()));
    }

    @Test
    void aRollingRestartLosesNothing() throws Exception {
        var running = service();
        for (var round = 0; round < 2; round++) {
            record(running, 10 * round + 1, 10 * round + 10);
            var next = service();
            running.stop();
            running = next;
        }

        running.stop();

        assertEquals(20, running.repository().count());
    }

    @Test
    void aNewInstanceGoesOnAfterAStop() throws Exception {
        var first = service();
        record(first, 1, 5);
        first.stop();

        var second = service();
        written(second, event(6));

        assertEquals(6, second.repository().count());
    }
}
