package dev.envctl.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class PassingStatusTest {
    private static final Clock NOON = Clock.fixed(Instant.parse("2026-03-02T12:00:00Z"), ZoneOffset.UTC);

    @Test
    void aNumberMeansSeconds() {
        assertThat(PassingStatus.retryAfter("120", NOON)).isEqualTo(Duration.ofMinutes(2));
    }

    @Test
    void aDateMeansUntilThen() {
        assertThat(PassingStatus.retryAfter("Mon, 02 Mar 2026 12:00:30 GMT", NOON))
                .isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void aDateInThePastMeansNow() {
        assertThat(PassingStatus.retryAfter("Mon, 02 Mar 2026 11:00:00 GMT", NOON))
                .isZero();
    }

    @Test
    void whatIsNeitherSaysNothing() {
        assertThat(PassingStatus.retryAfter("soon", NOON)).isZero();
    }
}
