package dev.envctl.image;

import java.util.ArrayList;
import java.util.List;

/**
 * A part of a blob that one request fetches.
 *
 * @param start of its first byte in the blob
 * @param length in bytes
 */
record Piece(long start, long length) {
    /** Fetched alone: whether the server can send parts at all shows here. */
    private static final long FIRST = 4L << 20;

    private static final long OTHERS = 16L << 20;
    private static final long TOO_SMALL_TO_CUT = 8L << 20;

    /** The pieces of a blob, in their order. */
    static List<Piece> of(long size) {
        if (size <= TOO_SMALL_TO_CUT) {
            return List.of(new Piece(0, size));
        }
        var pieces = new ArrayList<>(List.of(new Piece(0, FIRST)));
        for (var start = FIRST; start < size; start += OTHERS) {
            pieces.add(new Piece(start, Math.min(OTHERS, size - start)));
        }
        return List.copyOf(pieces);
    }

    /** The value of a Range header for what is still missing (RFC 9110, 14.2). */
    String range(long have) {
        return "bytes=%d-%d".formatted(start + have, start + length - 1);
    }
}
