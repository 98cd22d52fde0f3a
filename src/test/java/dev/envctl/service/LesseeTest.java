package dev.envctl.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LesseeTest {
    @Test
    void namesItsConnectionsByWorkerAndLabel() {
        assertThat(new Lessee(3, "w3-0123abcd").name()).isEqualTo("envctl-worker-3-w3-0123abcd");
    }

    @Test
    void hasANameThatPostgresDoesNotCutShort() {
        assertThat(new Lessee(10_000, "x".repeat(40)).name()).hasSizeLessThanOrEqualTo(63);
    }

    @Test
    void refusesWhatIsNoWorkerOrNoLabel() {
        assertThatThrownBy(() -> new Lessee(0, "x")).hasMessageContaining("worker 0");
        assertThatThrownBy(() -> new Lessee(1, "")).hasMessageContaining("label ''");
        assertThatThrownBy(() -> new Lessee(1, "a b")).hasMessageContaining("label 'a b'");
        assertThatThrownBy(() -> new Lessee(1, "x".repeat(41))).hasMessageContaining("label");
    }
}
