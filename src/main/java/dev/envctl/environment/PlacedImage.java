package dev.envctl.environment;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import java.util.ArrayList;
import java.util.List;

/**
 * One image in one place outside the cache, as it should be there and as it is.
 *
 * @param kind what the place is
 * @param place the node's or the engine's name
 * @param image what environments call it
 * @param wanted {@code repository@digest} in a node; in an engine the digest of the configuration
 * @param found the same where it is as it should be, otherwise what is there instead
 */
public record PlacedImage(Kind kind, String place, String image, String wanted, String found) {
    /** Where images are used. */
    public enum Kind {
        ENGINE,
        NODE
    }

    /** Whether the image is what it should be. */
    public boolean matches() {
        return wanted.equals(found);
    }

    /**
     * Passes if every image is what it should be.
     *
     * @throws EnvctlException IMAGE with a table of all that are not
     */
    public static void requireNoDifference(List<PlacedImage> images, String remedy) {
        var different = images.stream().filter(image -> !image.matches()).toList();
        if (!different.isEmpty()) {
            throw new EnvctlException(
                    FailureKind.IMAGE,
                    "%d of %d images are not what they should be where they are used."
                            .formatted(different.size(), images.size()),
                    remedy,
                    table(different),
                    null);
        }
    }

    private static List<String> table(List<PlacedImage> rows) {
        var cells = new ArrayList<List<String>>();
        var nodes = rows.stream().allMatch(row -> row.kind == Kind.NODE);
        cells.add(List.of(nodes ? "node" : "place", "image", "wanted", "found"));
        rows.forEach(row -> cells.add(List.of(row.place, row.image, row.wanted, row.found)));
        var lines = new ArrayList<String>();
        for (var row : cells) {
            var line = new StringBuilder();
            for (var column = 0; column < row.size(); column++) {
                var at = column;
                var width = cells.stream()
                        .mapToInt(one -> one.get(at).length())
                        .max()
                        .orElse(0);
                line.append(row.get(column))
                        .append(" ".repeat(width - row.get(column).length() + 2));
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }
}
