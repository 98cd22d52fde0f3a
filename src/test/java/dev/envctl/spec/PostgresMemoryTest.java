package dev.envctl.spec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PostgresMemoryTest {
    @Test
    void theDefaultsFit() {
        var memory = PostgresMemory.of(4, 0, 20, 512, true);

        assertThat(memory.dataSum()).isEqualTo("8 databases × 8 MiB + 64 MiB log = 128");
        assertThat(memory.dataFits()).isTrue();
        assertThat(memory.wholeSum()).isEqualTo("128 MiB data + 128 MiB buffers + 80 connections × 2 MiB = 416");
    }

    @Test
    void dataOnDiskTakeNone() {
        var memory = PostgresMemory.of(100, 1, 2, 512, false);

        assertThat(memory.dataFits()).isTrue();
        assertThat(memory.wholeSum()).isEqualTo("128 MiB buffers + 200 connections × 2 MiB = 528");
    }

    @ParameterizedTest
    @CsvSource({"512, 20", "1024, 44", "128, 0", "2048, 92"})
    void tellsHowManyDatabasesFit(long limit, int most) {
        assertThat(PostgresMemory.of(1, 0, 20, limit, true).fitting(1)).isEqualTo(most);
        if (most > 0) {
            assertThat(PostgresMemory.of(most, 0, 20, limit, true).dataFits()).isTrue();
        }
        assertThat(PostgresMemory.of(most + 1, 0, 20, limit, true).dataFits()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"64, 0, 512, 1472", "21, 0, 512, 576", "20, 1, 512, 576"})
    void tellsTheLeastLimitThatTheDataFitInto(int workers, int templates, long limit, long least) {
        assertThat(PostgresMemory.of(workers, templates, 20, limit, true).leastLimitForData())
                .isEqualTo(least);
        assertThat(PostgresMemory.of(workers, templates, 20, least, true).dataFits())
                .isTrue();
        assertThat(PostgresMemory.of(workers, templates, 20, least - 64, true).dataFits())
                .isFalse();
    }

    @Test
    void theLeastLimitHoldsConnectionsToo() {
        var least = PostgresMemory.of(8, 0, 20, 512, true).leastLimit();

        var enough = PostgresMemory.of(8, 0, 20, least, true);
        assertThat(least).isEqualTo(640);
        assertThat(enough.whole()).isLessThanOrEqualTo(least);
    }
}
