package dev.envctl.primary;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ClocksTest {
    private long wall = 1_000_000;
    private long boot = 500_000;
    private long running = 400_000;
    private final Clocks clocks = new Clocks(() -> wall, () -> boot, () -> running);

    private void pass(long millis) {
        wall += millis;
        boot += millis;
        running += millis;
    }

    @Test
    void timeThatPassesIsNothingToTell() {
        pass(3_600_000);
        assertThat(clocks.look()).isEmpty();
        pass(500);
        wall += 4_000;
        assertThat(clocks.look()).isEmpty();
    }

    @Test
    void namesAClockThatWasSet() {
        pass(500);
        wall += 3_600_000;
        assertThat(clocks.look().orElseThrow()).startsWith("The clock was set forward by 3600 s");
        pass(500);
        assertThat(clocks.look()).isEmpty();
        wall -= 60_000;

        assertThat(clocks.look().orElseThrow()).startsWith("The clock was set back by 60 s");
    }

    @Test
    void namesTheNearestSecond() {
        pass(500);
        wall -= 600_000;
        boot += 10;

        assertThat(clocks.look().orElseThrow()).startsWith("The clock was set back by 600 s");
        pass(500);
        wall += 600_000;
        boot += 10;
        assertThat(clocks.look().orElseThrow()).startsWith("The clock was set forward by 600 s");
    }

    @Test
    void namesASuspension() {
        pass(500);
        wall += 120_000;
        boot += 120_000;

        assertThat(clocks.look().orElseThrow()).startsWith("The machine was suspended for 120 s");
        assertThat(clocks.look()).isEmpty();
    }
}
