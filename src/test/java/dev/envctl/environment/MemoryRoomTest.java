package dev.envctl.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.machine.HostMemory;
import dev.envctl.spec.EnvironmentFiles;
import dev.envctl.spec.EnvironmentSpec;
import dev.envctl.spec.Overrides;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class MemoryRoomTest {
    private static final long MEBIBYTE = 1 << 20;

    /** The environment that this project comes with. */
    private final EnvironmentSpec spec = EnvironmentFiles.around(Path.of("")).load("e2e", Overrides.none());

    @Test
    void refusesAMachineThatLacksMemoryWithTheWholeSum() {
        var failure = catchThrowableOfType(
                EnvctlException.class,
                () -> MemoryRoom.require(spec, new HostMemory(2048 * MEBIBYTE, 1200 * MEBIBYTE)));

        assertThat(failure.kind()).isEqualTo(FailureKind.PREREQUISITE);
        assertThat(failure.problem())
                .isEqualTo("This machine has too little memory for environment e2e: control plane 800 + Postgres 416 + "
                        + "Redis 16 = 1232 MiB, but 1200 of 2048 MiB are available.");
        assertThat(failure.remedy()).isEqualTo("End what takes 32 MiB, or lower `workers.count` to 3.");
    }

    @Test
    void acceptsOneThatJustSuffices() {
        assertThatCode(() -> MemoryRoom.require(spec, new HostMemory(2048 * MEBIBYTE, 1232 * MEBIBYTE)))
                .doesNotThrowAnyException();
    }
}
