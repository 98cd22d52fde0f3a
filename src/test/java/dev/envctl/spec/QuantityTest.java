package dev.envctl.spec;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QuantityTest {
    @Test
    void countsAsKubernetesDoes() {
        assertThat(Quantity.bytes("512Mi")).contains(512L << 20);
        assertThat(Quantity.bytes("1.5Gi")).contains(1536L << 20);
        assertThat(Quantity.bytes("2G")).contains(2_000_000_000L);
        assertThat(Quantity.bytes("999999999999Ti")).isEmpty();
        assertThat(Quantity.bytes("many")).isEmpty();
    }
}
