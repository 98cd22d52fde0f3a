package example.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class RepositoryRepeatsIT extends AuditTest {
    @Test
    void anEventThatIsReportedTwiceIsThereOnce() throws Exception {
        var service = service();

        written(service, event(1), event(1), event(2));

        assertEquals(2, service.repository().count());
    }

    @Test
    void theFirstReportCounts() throws Exception {
        var service = service();

        written(service, event(1, "ada", "login", "front"));
        service.record(event(1, "bob", "logout", "back"));
        eventually(() -> assertEquals(0, service.queue().size()));

        assertEquals("ada", service.repository().find(id(1)).orElseThrow().actor());
    }

    @Test
    void aRepeatDoesNotKeepOthersFromBeingWritten() throws Exception {
        var service = service();

        written(service, event(1));
        service.record(event(1));
        service.record(event(2));

        eventually(() -> assertEquals(2, service.repository().count()));
    }

    @Test
    void aRepeatIsNoDeadLetter() throws Exception {
        var service = service();

        written(service, event(1));
        service.record(event(1));
        eventually(() -> assertEquals(0, service.queue().size()));

        assertEquals(List.of(), service.deadLetters().list());
    }

    @Test
    void twoInstancesThatGetTheSameEventWriteItOnce() throws Exception {
        var first = service();
        var second = service();
        for (var number = 1; number <= 8; number++) {
            first.record(event(number));
            second.record(event(number));
        }

        eventually(() -> assertEquals(8, first.repository().count()));
        eventually(() -> assertEquals(0, first.queue().size()));

        assertEquals(8, first.repository().count());
    }

    @Test
    void addingTellsWhatWasNew() throws Exception {
        var service = service();
        written(service, event(1));

        assertEquals(1, service.repository().add(List.of(event(1), event(2))));
    }
}
