package dev.envctl.service;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import java.util.Map;
import java.util.regex.Pattern;

/** A memory limit, of which parts can be given out. */
record MemoryLimit(long bytes) {
    static final long MEBIBYTE = 1L << 20;
    private static final Pattern QUANTITY = Pattern.compile("(\\d{1,12})(Ki|Mi|Gi|Ti|k|M|G|T|)");
    private static final Map<String, Long> UNITS = Map.of(
            "", 1L,
            "k", 1_000L,
            "M", 1_000_000L,
            "G", 1_000_000_000L,
            "T", 1_000_000_000_000L,
            "Ki", 1L << 10,
            "Mi", 1L << 20,
            "Gi", 1L << 30,
            "Ti", 1L << 40);

    /** @param quantity a Kubernetes quantity such as {@code 512Mi} */
    static MemoryLimit parse(String quantity) {
        var matcher = QUANTITY.matcher(quantity.strip());
        if (!matcher.matches()) {
            throw new EnvctlException(
                    FailureKind.USAGE,
                    "'%s' is not an amount of memory.".formatted(quantity),
                    "Write it as 512Mi or 2Gi.");
        }
        var unit = UNITS.getOrDefault(matcher.group(2), 1L);
        return new MemoryLimit(Math.multiplyExact(Long.parseLong(matcher.group(1)), unit));
    }

    /** One of {@code parts} equal parts, in whole mebibytes, at least one. */
    long mebibytes(int parts) {
        return Math.max(1, bytes / parts / MEBIBYTE);
    }
}
