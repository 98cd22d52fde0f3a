package dev.envctl.primary;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class KernelLocksTest {
    private static final List<String> LOCKS = List.of(
            "1: FLOCK  ADVISORY  WRITE 10995 fe:00:9986049 0 EOF",
            "2: POSIX  ADVISORY  WRITE 4711 fe:00:1234 19088743 19088743",
            "2: -> POSIX  ADVISORY  WRITE 4712 fe:00:1234 19088743 19088743",
            "3: POSIX  ADVISORY  READ  4713 fe:00:77 0 19088743",
            "4: OFDLCK ADVISORY  WRITE -1 fe:00:77 42 42");

    @Test
    void tellsWhoHoldsAByte() {
        assertThat(KernelLocks.holder(LOCKS, 19088743)).contains(4711L);
    }

    @Test
    void nobodyHoldsWhatIsNotThereOrWhoseHolderIsNotTold() {
        assertThat(KernelLocks.holder(LOCKS, 0)).isEmpty();
        assertThat(KernelLocks.holder(LOCKS, 42)).isEmpty();
    }
}
