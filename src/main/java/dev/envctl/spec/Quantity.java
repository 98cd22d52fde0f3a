package dev.envctl.spec;

import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Amounts of memory as Kubernetes writes them, such as {@code 512Mi}. */
public final class Quantity {
    public static final long MEBIBYTE = 1L << 20;
    private static final Pattern FORM = Pattern.compile("(\\d{1,12}(?:\\.\\d{1,3})?)(Ki|Mi|Gi|Ti|k|M|G|T|)");
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

    private Quantity() {}

    /** Empty where it is none, or too much to be counted. */
    public static Optional<Long> bytes(String text) {
        var matcher = FORM.matcher(text.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        var unit = UNITS.getOrDefault(matcher.group(2), 1L);
        var exact = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(unit));
        return exact.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0
                ? Optional.empty()
                : Optional.of(exact.longValue());
    }
}
