package dev.envctl.machine;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;

/** The first two numbers of a version: all that decides whether a program is new enough. */
record Version(int major, int minor) implements Comparable<Version> {
    private static final Pattern NUMBERS = Pattern.compile("(\\d{1,6})(?:\\.(\\d{1,6}))?");

    /** The first version that stands in the text. */
    static Optional<Version> in(String text) {
        var matcher = NUMBERS.matcher(text);
        if (!matcher.find()) {
            return Optional.empty();
        }
        var minor = Optional.ofNullable(matcher.group(2)).map(Integer::parseInt).orElse(0);
        return Optional.of(new Version(Integer.parseInt(matcher.group(1)), minor));
    }

    boolean isAtLeast(Version other) {
        return compareTo(other) >= 0;
    }

    @Override
    public int compareTo(Version other) {
        return Comparator.comparingInt(Version::major)
                .thenComparingInt(Version::minor)
                .compare(this, other);
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
