package dev.envctl.service;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.spec.Quantity;

/** A memory limit, of which parts can be given out. */
record MemoryLimit(long bytes) {
    static final long MEBIBYTE = Quantity.MEBIBYTE;

    /** @param quantity a Kubernetes quantity such as {@code 512Mi} */
    static MemoryLimit parse(String quantity) {
        return Quantity.bytes(quantity)
                .map(MemoryLimit::new)
                .orElseThrow(() -> new EnvctlException(
                        FailureKind.USAGE,
                        "'%s' is not an amount of memory.".formatted(quantity),
                        "Write it as 512Mi or 2Gi."));
    }

    /** One of {@code parts} equal parts, in whole mebibytes, at least one. */
    long mebibytes(int parts) {
        return Math.max(1, bytes / parts / MEBIBYTE);
    }
}
