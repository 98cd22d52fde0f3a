package dev.envctl.readiness;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class DeadlineTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final AtomicLong nanos = new AtomicLong();

    @Test
    void countsDownToZeroAndNoFurther() {
        var deadline = Deadline.in(SECOND, nanos::get);

        nanos.addAndGet(400_000_000);
        assertThat(deadline.remaining()).isEqualTo(Duration.ofMillis(600));
        assertThat(deadline.passed()).isFalse();

        nanos.addAndGet(5_000_000_000L);
        assertThat(deadline.remaining()).isZero();
        assertThat(deadline.passed()).isTrue();
    }

    @Test
    void aCallAlwaysGetsAMomentBecauseZeroOftenMeansForEver() {
        var deadline = Deadline.in(Duration.ZERO, nanos::get);

        assertThat(deadline.remainingForCall()).isEqualTo(Duration.ofMillis(1));
    }

    @Test
    void aPartCannotOutlastTheWhole() {
        var whole = Deadline.in(SECOND, nanos::get);
        nanos.addAndGet(700_000_000);

        assertThat(whole.atMost(SECOND)).isSameAs(whole);
        assertThat(whole.atMost(Duration.ofMillis(100)).remaining()).isEqualTo(Duration.ofMillis(100));
        assertThat(whole.atMost(Duration.ofMillis(100)).limit()).isEqualTo(Duration.ofMillis(100));
    }

    @Test
    void isNotFooledByAClockThatWrapsAround() {
        nanos.set(Long.MAX_VALUE - 1000);
        var deadline = Deadline.in(SECOND, nanos::get);

        nanos.addAndGet(500_000_000);

        assertThat(deadline.remaining()).isEqualTo(Duration.ofMillis(500));
    }
}
