package it;

import dev.envctl.junit.CleanDatabase;
import dev.envctl.junit.Envctl;
import dev.envctl.junit.Serial;
import dev.envctl.worker.Lease;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

@Envctl
class OneIT {
    @Test
    @CleanDatabase
    @Serial
    void runsInOneJvmWithTheOther(Lease lease) throws Exception {
        Files.writeString(
                Path.of(System.getProperty("found")).resolve("One"), lease.worker() + " " + lease.id() + "\n");
    }
}
