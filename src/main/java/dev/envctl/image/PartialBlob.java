package dev.envctl.image;

import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A blob that comes in pieces: a file for each, named by where in the blob it begins, and as long as what has come of it.
 * So a process can go on with what one that died has left.
 */
final class PartialBlob {
    private final Path folder;
    private final Descriptor blob;

    PartialBlob(Path folder, Descriptor blob) {
        this.folder = folder.resolve(blob.digest().hex());
        this.blob = blob;
    }

    Path file(Piece piece) {
        return folder.resolve(Long.toString(piece.start()));
    }

    /** How much of a piece is here. */
    static long size(Path file) {
        try {
            return Files.exists(file) ? Files.size(file) : 0;
        } catch (IOException e) {
            throw StoredFile.cannot("read", file, e);
        }
    }

    /** How much of all pieces is here. */
    long size() {
        return Math.min(
                blob.size(),
                Piece.of(blob.size()).stream()
                        .mapToLong(piece -> size(file(piece)))
                        .sum());
    }

    /** Whether the first file has everything, because a server sent all of it when it was asked for a part. */
    boolean cameAtOnce() {
        return size(folder.resolve("0")) == blob.size();
    }

    /**
     * Makes the folder, and forgets what came beyond the end of a piece, and one byte more: it is asked for first again, and
     * the answer says whether this server sends parts at all.
     */
    void create() {
        try {
            Files.createDirectories(folder);
            for (var piece : cameAtOnce() ? List.<Piece>of() : Piece.of(blob.size())) {
                if (size(file(piece)) > piece.length()) {
                    try (var channel = FileChannel.open(file(piece), StandardOpenOption.WRITE)) {
                        channel.truncate(piece.length() - 1);
                    }
                }
            }
        } catch (IOException e) {
            throw StoredFile.cannot("make", folder, e);
        }
    }

    void clear() {
        StoredFile.removeTree(folder);
    }

    InputStream open() throws IOException {
        var pieces = cameAtOnce() ? List.of(new Piece(0, blob.size())) : Piece.of(blob.size());
        var streams = new ArrayList<InputStream>();
        for (var piece : pieces) {
            streams.add(Files.newInputStream(file(piece)));
        }
        return new SequenceInputStream(Collections.enumeration(streams));
    }

    /** Of what is here, read again. */
    Digest digest() {
        try (var stream = open()) {
            return Digest.of(stream);
        } catch (IOException e) {
            throw StoredFile.cannot("read", folder, e);
        }
    }
}
