package dev.envctl.image;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.readiness.Deadline;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Objects;

/** Fetches a piece of a blob into a file; each attempt goes on where the one before ended. Checks only sizes. */
final class PieceFetch implements Question<Boolean> {
    private final Descriptor blob;
    private final Piece piece;
    private final Path file;
    private final Deadline deadline;
    private final Traffic traffic;
    private long end;
    private long have;

    PieceFetch(Descriptor blob, Piece piece, Path file, Deadline deadline, Traffic traffic) {
        this.blob = blob;
        this.piece = piece;
        this.file = file;
        this.deadline = deadline;
        this.traffic = traffic;
        this.end = piece.length();
        this.have = PartialBlob.size(file);
    }

    boolean isComplete() {
        return PartialBlob.size(file) >= end;
    }

    @Override
    public Map<String, String> headers() {
        have = PartialBlob.size(file);
        return have == 0 && piece.length() == blob.size()
                ? Map.of()
                : Map.of("Range", new Piece(piece.start(), end).range(have));
    }

    @Override
    public Boolean read(Repository source, Response response) {
        var isPart = response.status() == 206;
        if (isPart) {
            requirePlace(source, response);
        } else {
            if (piece.start() == 0) {
                // Everything comes anyway: nothing is gained by asking for the rest again.
                end = blob.size();
            }
            response.copyTo(traffic.counted(source, OutputStream.nullOutputStream()), piece.start() + have, deadline);
        }
        append(source, response, isPart || piece.start() + end == blob.size());
        return true;
    }

    /** @param exact whether the answer should end where the piece does */
    private void append(Repository source, Response response, boolean exact) {
        var wanted = end - have;
        try (var stream = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            var size = response.copyTo(traffic.counted(source, stream), exact ? wanted + 1 : wanted, deadline);
            if (size < wanted) {
                throw Registry.cutShort(response, have + size, end);
            }
            if (size > wanted) {
                throw otherSize(source, "more than %d".formatted(blob.size()));
            }
        } catch (IOException e) {
            throw StoredFile.cannot("write", file, e);
        } catch (UncheckedIOException e) {
            throw StoredFile.cannot("write", file, Objects.requireNonNull(e.getCause()));
        }
    }

    /** {@code bytes START-END/SIZE} (RFC 9110, 14.4). */
    private void requirePlace(Repository source, Response response) {
        var place = response.header("Content-Range").orElse("");
        if (!place.startsWith("bytes %d-".formatted(piece.start() + have))) {
            throw new EnvctlException(
                    FailureKind.FAILED,
                    "%s was asked for bytes from %d of %s and sent `%s`."
                            .formatted(source.host(), piece.start() + have, blob.digest(), place),
                    "Check whether a proxy answers in its place.");
        }
        var size = place.substring(place.indexOf('/') + 1);
        if (!size.equals("*") && !size.equals(Long.toString(blob.size()))) {
            throw otherSize(source, size);
        }
    }

    private EnvctlException otherSize(Repository source, String bytes) {
        return new EnvctlException(
                FailureKind.IMAGE,
                "%s served other content for %s@%s: %s bytes instead of %d."
                        .formatted(source.host(), source, blob.digest(), bytes, blob.size()),
                BlobDownload.DO_NOT_USE);
    }
}
