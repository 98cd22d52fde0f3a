package dev.envctl.spec;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 90s}, {@code 1m30s}, {@code 2h}, {@code PT90S}. */
public final class Durations {
    private static final Pattern PARTS = Pattern.compile("(?:([0-9]{1,6})h)?(?:([0-9]{1,6})m)?(?:([0-9]{1,6})s)?");

    private Durations() {}

    /**
     * Reads hours, minutes and seconds, in this order, each at most once.
     *
     * @return a positive duration
     * @throws IllegalArgumentException whose message can be shown to the user; a bare number is refused, because nobody
     *     remembers which unit was meant
     */
    public static Duration parse(String text) {
        var parts = PARTS.matcher(text.startsWith("PT") ? text.substring(2).toLowerCase(Locale.ROOT) : text);
        if (!parts.matches()) {
            throw refused(text);
        }
        var duration =
                Duration.ofHours(number(parts, 1)).plusMinutes(number(parts, 2)).plusSeconds(number(parts, 3));
        if (duration.isZero()) {
            throw refused(text);
        }
        return duration;
    }

    /** The shortest form that {@link #parse} reads back, such as {@code 1m30s}; fractions of a second are dropped. */
    public static String format(Duration duration) {
        var text = new StringBuilder();
        if (duration.toHours() > 0) {
            text.append(duration.toHours()).append('h');
        }
        if (duration.toMinutesPart() > 0) {
            text.append(duration.toMinutesPart()).append('m');
        }
        if (duration.toSecondsPart() > 0 || text.isEmpty()) {
            text.append(duration.toSecondsPart()).append('s');
        }
        return text.toString();
    }

    private static long number(Matcher parts, int group) {
        var digits = parts.group(group);
        return digits == null ? 0 : Long.parseLong(digits);
    }

    private static IllegalArgumentException refused(String text) {
        var isNumber = !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
        var hint = isNumber && !text.matches("0+")
                ? "did you mean \"" + text + "s\"?"
                : "write it as \"90s\", \"1m30s\" or \"2h\"";
        return new IllegalArgumentException("\"" + text + "\" is not a duration: " + hint);
    }
}
