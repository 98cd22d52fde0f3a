package example.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeadLettersInstancesIT extends AuditTest {
    @Test
    void whatADeadInstanceHadTakenIsTakenOver() throws Exception {
        var service = service();
        service.close();
        service.queue().send(event(1));
        service.queue().take("dead", 10, Duration.ofMillis(50));

        var next = service();

        eventually(() -> assertEquals(1, next.repository().count(tenant())));
    }

    @Test
    void whatIsTakenOverAndCannotBeWrittenIsADeadLetter() throws Exception {
        var service = service();
        service.close();
        service.queue().send(orphan(1));
        service.queue().take("dead", 10, Duration.ofMillis(50));

        var next = service(Settings.DEFAULT.withAttempts(1));

        assertEquals(id(1), dead(next, 1).get(0).fields().get("id"));
    }

    @Test
    void anyInstanceSeesThem() throws Exception {
        var first = service();
        var second = service();
        first.record(orphan(1));

        dead(first, 1);

        assertEquals(1, second.deadLetters().size());
    }

    @Test
    void anyInstanceCanSendThemAgain() throws Exception {
        var first = service();
        first.record(orphan(1));
        List<DeadLetters.Letter> letters = dead(first, 1);
        first.close();
        first.repository().addTenant(name("nobody"));

        var second = service();
        second.deadLetters().redrive(letters.get(0));

        eventually(() -> assertEquals(1, second.repository().count(name("nobody"))));
    }
}
