package example.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class DeadLettersKeptIT extends AuditTest {
    @Test
    void whatIsDiscardedIsGone() throws Exception {
        var service = service();
        service.record(orphan(1));
        var letter = dead(service, 1).get(0);

        assertTrue(service.deadLetters().discard(letter));

        assertEquals(List.of(), service.deadLetters().list());
    }

    @Test
    void whatIsDiscardedCannotBeSentAgain() throws Exception {
        var service = service();
        service.record(orphan(1));
        var letter = dead(service, 1).get(0);
        service.deadLetters().discard(letter);

        assertFalse(service.deadLetters().redrive(letter));
        assertFalse(service.deadLetters().discard(letter));
    }

    @Test
    void theOldestComesFirst() throws Exception {
        var service = service(Settings.DEFAULT.withAttempts(1));
        service.record(orphan(1));
        dead(service, 1);
        service.record(orphan(2));

        var letters = dead(service, 2);

        assertEquals(
                ids(1, 2), letters.stream().map(each -> each.fields().get("id")).toList());
    }

    @Test
    void aRestartKeepsThem() throws Exception {
        var first = service();
        first.record(orphan(1));
        dead(first, 1);
        first.close();

        var second = service();

        assertEquals(id(1), second.deadLetters().list().get(0).fields().get("id"));
    }
}
