package it;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SomeTest {
    @Test
    void doesAsItIsTold() throws Exception {
        var directory = Path.of(System.getProperty("directory"));
        assertTrue(Files.exists(directory.resolve("workers/1.env")));
        switch (System.getProperty("behaviour")) {
            case "fail" -> fail("as it was told");
            case "stay" -> {
                Files.writeString(directory.resolve("../../testing"), "");
                Thread.sleep(600_000);
            }
            default -> {}
        }
    }
}
