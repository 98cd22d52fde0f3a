package it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.envctl.junit.Envctl;
import dev.envctl.worker.Lease;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

@Envctl
class OtherIT {
    @Test
    void runsBesideTheOther(Lease lease) throws Exception {
        assertEquals(System.getProperty("envctl.lease"), lease.kubeconfig().toString().replace(".kubeconfig", ".env"));
        assertTrue(System.getProperty("postgres").matches("jdbc:postgresql://127.0.0.1:[0-9]+/app"));
        assertTrue(System.getProperty("redis").startsWith("redis://"));
        assertTrue(Files.exists(Path.of(System.getProperty("kubeconfig"))));
        var found = Path.of(System.getProperty("found"));
        Files.writeString(found.resolve("Other"), lease.worker() + " " + lease.id() + "\n");
        for (var look = 0; look < 300 && !Files.exists(found.resolve("One")); look++) {
            Thread.sleep(100);
        }
        assertTrue(Files.exists(found.resolve("One")));
    }
}
