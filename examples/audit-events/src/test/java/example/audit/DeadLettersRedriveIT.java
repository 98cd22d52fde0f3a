package example.audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class DeadLettersRedriveIT extends AuditTest {
    @Test
    void whatWasMendedIsWritten() throws Exception {
        var service = service();
        service.record(orphan(1));
        var letter = dead(service, 1).get(0);
        service.repository().addTenant(name("nobody"));

        assertTrue(service.deadLetters().redrive(letter));

        eventually(() -> assertEquals(1, service.repository().count(name("nobody"))));
        assertEquals(0, service.deadLetters().size());
    }

    @Test
    void whatWasNotMendedComesBack() throws Exception {
        var service = service(Settings.DEFAULT.withAttempts(2));
        service.record(orphan(1));
        var letter = dead(service, 1).get(0);

        service.deadLetters().redrive(letter);

        eventually(() -> {
            var letters = service.deadLetters().list();
            assertEquals(1, letters.size());
            assertNotEquals(letter.entry(), letters.get(0).entry());
        });
    }

    @Test
    void ofTwoWhoSendItAgainOneDoes() throws Exception {
        var service = service();
        service.record(orphan(1));
        var letter = dead(service, 1).get(0);
        service.repository().addTenant(name("nobody"));

        assertTrue(service.deadLetters().redrive(letter));
        assertFalse(service.deadLetters().redrive(letter));
    }

    @Test
    void allCanBeSentAgainAtOnce() throws Exception {
        var service = service(Settings.DEFAULT.withAttempts(2));
        service.record(orphan(1));
        service.record(orphan(2));
        service.record(event(3, "", "login", "gate"));
        dead(service, 3);
        service.repository().addTenant(name("nobody"));

        assertEquals(3, service.deadLetters().redriveAll());

        eventually(() -> assertEquals(2, service.repository().count(name("nobody"))));
        dead(service, 1);
    }
}
