package example.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class QueryPagesIT extends AuditTest {
    private EventSearch seven() throws Exception {
        var service = service();
        written(service, IntStream.rangeClosed(1, 7).mapToObj(this::event).toArray(AuditEvent[]::new));
        return service.search();
    }

    @Test
    void theNewestComeFirst() throws Exception {
        var page = seven().first(EventFilter.of(tenant()), 3);

        assertEquals(ids(7, 6, 5), page.ids());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 7})
    void allPagesTogetherHaveEachEventOnce(int size) throws Exception {
        var search = seven();
        var filter = EventFilter.of(tenant());
        var found = new ArrayList<String>();

        var page = search.first(filter, size);
        found.addAll(page.ids());
        while (page.next().isPresent()) {
            page = search.after(filter, size, page.next().get());
            found.addAll(page.ids());
        }

        assertEquals(ids(7, 6, 5, 4, 3, 2, 1), found);
    }

    @Test
    void thereIsNoNextPageAfterTheLastEvent() throws Exception {
        var page = seven().first(EventFilter.of(tenant()), 7);

        assertEquals(7, page.events().size());
        assertTrue(page.next().isEmpty());
    }

    @Test
    void aPageHasASensibleSize() throws Exception {
        var search = seven();

        for (var size : List.of(-1, 0, 101)) {
            assertThrows(IllegalArgumentException.class, () -> search.first(EventFilter.of(tenant()), size));
        }
    }
}
