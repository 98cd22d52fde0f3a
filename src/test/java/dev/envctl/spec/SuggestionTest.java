package dev.envctl.spec;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SuggestionTest {
    @ParameterizedTest
    @CsvSource({
        "enginee,engine",
        "podmn,podman",
        "max_connections,maxConnections",
        "MAXCONNECTIONS,maxConnections",
        "egnine,engine"
    })
    void findsWhatWasProbablyMeant(String written, String meant) {
        assertThat(Suggestion.nearest(written, List.of("engine", "podman", "maxConnections", "workers")))
                .contains(meant);
    }

    @ParameterizedTest
    @CsvSource({"foo", "xy", "replicas"})
    void saysNothingWhenNothingIsNear(String written) {
        assertThat(Suggestion.nearest(written, List.of("engine", "to", "workers")))
                .isEmpty();
    }

    @Test
    void countsASwapOfNeighboursOnce() {
        assertThat(Suggestion.distance("egnine", "engine")).isEqualTo(1);
    }
}
