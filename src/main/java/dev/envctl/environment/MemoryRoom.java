package dev.envctl.environment;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.machine.HostMemory;
import dev.envctl.spec.EnvironmentSpec;
import dev.envctl.spec.MemoryForecast;
import dev.envctl.spec.Quantity;

/** Whether an environment fits into what the machine has to give: where it does not, the kernel ends what it likes. */
public final class MemoryRoom {
    private MemoryRoom() {}

    /**
     * Compares the forecast with what is available now.
     *
     * @throws EnvctlException PREREQUISITE with the sum and the smallest change
     */
    public static void require(EnvironmentSpec spec, HostMemory memory) {
        var forecast = MemoryForecast.of(spec);
        var available = memory.available() / Quantity.MEBIBYTE;
        forecast.shortage(available).ifPresent(change -> {
            throw new EnvctlException(
                    FailureKind.PREREQUISITE,
                    "This machine has too little memory for environment %s: %s, but %d of %d MiB are available."
                            .formatted(spec.name(), forecast.sum(), available, memory.total() / Quantity.MEBIBYTE),
                    change);
        });
    }
}
