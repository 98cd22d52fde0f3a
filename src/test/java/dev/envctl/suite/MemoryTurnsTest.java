package dev.envctl.suite;

import static org.assertj.core.api.Assertions.assertThat;

import dev.envctl.readiness.Deadline;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class MemoryTurnsTest {
    private final MemoryTurns memory = new MemoryTurns(100);

    private boolean takes(long bytes) throws InterruptedException {
        return memory.take(bytes, Deadline.in(Duration.ofMillis(20)), () -> {});
    }

    @Test
    void letsThoseBeginThatFitTogether() throws InterruptedException {
        assertThat(takes(60)).isTrue();
        assertThat(takes(40)).isTrue();
        assertThat(takes(1)).isFalse();

        memory.giveBack(60);

        assertThat(takes(60)).isTrue();
    }

    @Test
    void letsOneThatNeverFitsBeginAlone() throws InterruptedException {
        assertThat(takes(1)).isTrue();
        assertThat(takes(1000)).isFalse();

        memory.giveBack(1);

        assertThat(takes(1000)).isTrue();
        assertThat(takes(1)).isFalse();
    }
}
