package example.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class DeadLettersReasonsIT extends AuditTest {
    private DeadLetters.Letter letterOf(AuditEvent event) throws Exception {
        var service = service();
        service.record(event);
        return dead(service, 1).get(0);
    }

    @Test
    void anActionThatIsTooLong() throws Exception {
        var letter = letterOf(event(1, "ada", "x".repeat(65), "door"));

        assertTrue(letter.reason().contains("events_action_check"), letter.reason());
    }

    @Test
    void anActorWithoutAName() throws Exception {
        var letter = letterOf(event(1, "", "login", "door"));

        assertTrue(letter.reason().contains("events_actor_check"), letter.reason());
    }

    @Test
    void aTenantThatNobodyKnows() throws Exception {
        var letter = letterOf(orphan(1));

        assertTrue(letter.reason().contains("events_tenant_fkey"), letter.reason());
    }

    @Test
    void itSaysWhatWasSentAndHowOftenItWasTried() throws Exception {
        var before = Instant.now();

        var letter = letterOf(orphan(1));

        assertEquals(orphan(1), AuditEvent.of(letter.fields()));
        assertEquals(3, letter.attempts());
        assertTrue(letter.since().isAfter(before));
    }
}
