package dev.envctl.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationsTest {
    @ParameterizedTest
    @CsvSource({"90s,90", "1m30s,90", "2h,7200", "PT90S,90", "PT1H2M3S,3723", "1h0m5s,3605"})
    void readsHoursMinutesAndSeconds(String text, long seconds) {
        assertThat(Durations.parse(text)).isEqualTo(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0s", "PT", "s", "1s1m", "-5s", "1.5s", "5 m", "90S", "pt90s", "PT90s5S", "1d"})
    void refusesWhatIsNoPositiveDuration(String text) {
        assertThatThrownBy(() -> Durations.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("\"" + text + "\" is not a duration: write it as \"90s\", \"1m30s\" or \"2h\"");
    }

    @Test
    void asksWhetherSecondsWereMeantWhenTheUnitIsMissing() {
        assertThatThrownBy(() -> Durations.parse("90")).hasMessage("\"90\" is not a duration: did you mean \"90s\"?");
    }

    @ParameterizedTest
    @CsvSource({"90,1m30s", "7200,2h", "3605,1h5s", "59,59s", "0,0s"})
    void writesTheShortestForm(long seconds, String text) {
        assertThat(Durations.format(Duration.ofSeconds(seconds).plusMillis(400)))
                .isEqualTo(text);
    }
}
