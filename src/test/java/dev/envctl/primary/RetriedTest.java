package dev.envctl.primary;

import static org.assertj.core.api.Assertions.assertThat;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RetriedTest {
    private final AtomicLong nanos = new AtomicLong();
    private final List<String> told = new ArrayList<>();
    private final List<Long> tried = new ArrayList<>();
    private final Retried retried = new Retried(nanos::get, told::add);
    private String failure = "";

    private boolean attempt() {
        return retried.attempt(() -> {
            tried.add(Duration.ofNanos(nanos.get()).toSeconds());
            if (!failure.isEmpty()) {
                throw new EnvctlException(FailureKind.FAILED, failure, "");
            }
        });
    }

    private void attemptEachSecondUntil(int second) {
        while (nanos.get() < Duration.ofSeconds(second).toNanos()) {
            attempt();
            nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        }
    }

    @Test
    void waitsLongerAfterEachFailureUpToAMinute() {
        failure = "Postgres is gone";

        attemptEachSecondUntil(250);

        assertThat(tried).containsExactly(0L, 1L, 3L, 7L, 15L, 31L, 63L, 123L, 183L, 243L);
        assertThat(told).containsExactly("Postgres is gone");
    }

    @Test
    void afterASuccessItIsTriedInEveryRoundAndTheNextFailureIsTold() {
        failure = "Postgres is gone";
        attempt();
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        failure = "";

        assertThat(attempt()).isTrue();
        assertThat(attempt()).isTrue();
        failure = "Postgres is gone";
        assertThat(attempt()).isFalse();

        assertThat(told).containsExactly("Postgres is gone", "Postgres is gone");
    }
}
