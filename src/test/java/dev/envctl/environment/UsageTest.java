package dev.envctl.environment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsageTest {
    @TempDir
    Path folder;

    private boolean hasInstances(String lease) throws IOException {
        return Usage.hasInstances(SampleHandOff.of(
                Files.writeString(folder.resolve("1.json"), lease).toString()));
    }

    @Test
    void tellsAServerOfItsOwnByItsPort() throws IOException {
        var lease = SampleHandOff.lease().json();

        assertThat(hasInstances(lease)).isFalse();
        assertThat(hasInstances(lease.replace("\"port\": 15002", "\"port\": 15003")))
                .isTrue();
    }
}
