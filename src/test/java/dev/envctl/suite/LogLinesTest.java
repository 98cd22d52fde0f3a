package dev.envctl.suite;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogLinesTest {
    private final List<String> lines = new ArrayList<>();

    @Test
    void keepsLinesWholeHoweverTheyCome() throws IOException {
        try (var log = new LogLines(lines::add)) {
            for (var part : "grün\r\nzwei\n\nohne Ende".getBytes(UTF_8)) {
                log.write(new byte[] {part});
            }
        }

        assertThat(lines).containsExactly("grün", "zwei", "", "ohne Ende");
    }

    @Test
    void neverHoldsMoreThanALineMayBeLong() throws IOException {
        try (var log = new LogLines(lines::add)) {
            log.write(new byte[150_000]);
        }

        assertThat(lines).extracting(String::length).containsExactly(65536, 65536, 150_000 - 2 * 65536);
    }

    @Test
    void showsWhatIsNoTextAsReplaced() throws IOException {
        try (var log = new LogLines(lines::add)) {
            log.write(new byte[] {'a', (byte) 0xff, 'b', '\n'});
        }

        assertThat(lines).containsExactly("a\ufffdb");
    }
}
