package dev.envctl.spec;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds what somebody probably meant to write. */
public final class Suggestion {
    private Suggestion() {}

    /** The candidate nearest to what was written, if it is near enough to be meant. */
    public static Optional<String> nearest(String written, Collection<String> candidates) {
        var plain = plain(written);
        // A third of the word may be wrong; two letters that are both wrong suggest nothing.
        var limit = Math.max(1, plain.length() / 3);
        return candidates.stream()
                .filter(candidate -> !candidate.equals(written))
                .map(candidate -> new Scored(candidate, distance(plain, plain(candidate))))
                .filter(scored -> scored.distance() <= limit && scored.distance() < plain.length())
                .min(Comparator.comparingInt(Scored::distance).thenComparing(Scored::candidate))
                .map(Scored::candidate);
    }

    /** Case and word separators are the commonest slips, so they count for nothing. */
    private static String plain(String word) {
        return word.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
    }

    /** How many letters to insert, delete, change or swap with their neighbour. */
    static int distance(String a, String b) {
        var cost = new int[a.length() + 1][b.length() + 1];
        for (var i = 0; i <= a.length(); i++) {
            for (var j = 0; j <= b.length(); j++) {
                cost[i][j] = cheapest(cost, a, b, i, j);
            }
        }
        return cost[a.length()][b.length()];
    }

    private static int cheapest(int[][] cost, String a, String b, int i, int j) {
        if (i == 0 || j == 0) {
            return i + j;
        }
        var same = a.charAt(i - 1) == b.charAt(j - 1);
        var least = Math.min(cost[i - 1][j - 1] + (same ? 0 : 1), Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
        var swapped =
                i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1) && !same;
        return swapped ? Math.min(least, cost[i - 2][j - 2] + 1) : least;
    }

    private record Scored(String candidate, int distance) {}
}
