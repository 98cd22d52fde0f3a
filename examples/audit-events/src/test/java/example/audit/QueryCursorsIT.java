package example.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueryCursorsIT extends AuditTest {
    @Test
    void eventsThatComeMeanwhileDoNotMoveThePage() throws Exception {
        var service = service();
        written(service, event(1), event(2), event(3), event(4));
        var filter = EventFilter.of(tenant());
        var first = service.search().first(filter, 2);

        written(service, event(5), event(6));

        assertEquals(
                ids(2, 1),
                service.search().after(filter, 2, first.next().orElseThrow()).ids());
    }

    @Test
    void eventsOfTheSameMomentAreEachOnOnePage() throws Exception {
        var service = service();
        written(service, at(NOON, event(1)), at(NOON, event(2)), at(NOON, event(3)));
        var filter = EventFilter.of(tenant());

        var first = service.search().first(filter, 2);
        var second = service.search().after(filter, 2, first.next().orElseThrow());

        assertEquals(ids(3, 2), first.ids());
        assertEquals(ids(1), second.ids());
    }

    @Test
    void aCursorIsGoodWhenItsEventIsGone() throws Exception {
        var service = service();
        written(service, event(1), event(2), event(3));
        var filter = EventFilter.of(tenant());
        var cursor = service.search().first(filter, 2).next().orElseThrow();

        service.repository().purge(tenant(), NOON.plusSeconds(3));

        assertEquals(ids(), service.search().after(filter, 2, cursor).ids());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "?", "bm90aGluZw"})
    void whatIsNoCursorIsRefused(String text) throws Exception {
        var service = service();
        written(service, event(1));

        assertThrows(IllegalArgumentException.class, () -> service.search().after(EventFilter.of(tenant()), 2, text));
    }
}
