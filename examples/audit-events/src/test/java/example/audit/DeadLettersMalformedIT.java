package example.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DeadLettersMalformedIT extends AuditTest {
    private AuditService sent(Map<String, String> fields) throws Exception {
        var service = service();
        service.queue().sendFields(fields);
        service.record(event(7));
        eventually(() -> assertTrue(service.repository().find(id(7)).isPresent()));
        return service;
    }

    private Map<String, String> with(String field, String value) {
        var fields = new HashMap<>(event(1).fields());
        if (value == null) {
            fields.remove(field);
        } else {
            fields.put(field, value);
        }
        return fields;
    }

    @Test
    void anEventWithoutAnActorIsNotTried() throws Exception {
        var letter = dead(sent(with("actor", null)), 1).get(0);

        assertEquals("not an event: actor", letter.reason());
        assertEquals(0, letter.attempts());
    }

    @Test
    void aTimeThatIsNoneIsQuoted() throws Exception {
        var letter = dead(sent(with("at", "yesterday")), 1).get(0);

        assertTrue(letter.reason().contains("'yesterday'"), letter.reason());
    }

    @Test
    void whatIsNoEventAtAllIsKeptAsItCame() throws Exception {
        var service = sent(Map.of("hello", "world"));

        assertEquals(Map.of("hello", "world"), dead(service, 1).get(0).fields());
        written(service, event(8));
    }

    @Test
    void fieldsThatNobodyKnowsAreNoHarm() throws Exception {
        var service = sent(with("colour", "green"));

        eventually(() -> assertEquals(2, service.repository().count(tenant())));
        written(service, event(8));

        assertEquals(0, service.deadLetters().size());
    }
}
