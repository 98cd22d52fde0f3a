package dev.envctl.image;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.Objects;

/** Writes files that are there whole or not at all, also after a crash. */
final class StoredFile {
    /** Writes the content of a file. */
    @FunctionalInterface
    interface Content {
        void writeTo(OutputStream stream) throws IOException;
    }

    private StoredFile() {}

    static void write(Path file, byte[] content) {
        write(file, stream -> stream.write(content));
    }

    /** Creates the parent directories; replaces what was there in one step; leaves nothing behind on failure. */
    static void write(Path file, Content content) {
        var target = file.toAbsolutePath();
        try {
            var directory = createParent(target);
            var temporary = Files.createTempFile(directory, "." + target.getFileName(), ".new");
            try {
                try (var channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                    content.writeTo(Channels.newOutputStream(channel));
                    channel.force(true);
                }
                Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(temporary);
            }
            // The rename itself is on disk only when its directory is.
            try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
                channel.force(true);
            }
        } catch (IOException e) {
            throw cannot("write", file, e);
        }
    }

    /** The directory that holds a file, made where it is missing. */
    static Path createParent(Path file) throws IOException {
        var directory = file.toAbsolutePath().getParent();
        return Files.createDirectories(Objects.requireNonNull(directory, "no file: " + file));
    }

    static EnvctlException cannot(String verb, Path file, IOException cause) {
        if (cause instanceof ClosedByInterruptException) {
            return new EnvctlException(
                    FailureKind.INTERRUPTED, "The work on %s was interrupted.".formatted(file), "", cause);
        }
        return new EnvctlException(
                FailureKind.FAILED,
                "Cannot %s %s: %s.".formatted(verb, file, reason(cause)),
                "Check the free space and the permissions of that directory.",
                cause);
    }

    private static String reason(IOException cause) {
        var name = cause.getClass().getSimpleName().replaceAll("Exception$", "");
        return cause.getMessage() == null ? name : name + ": " + cause.getMessage();
    }

    /** Removes a directory and everything in it; links are not followed. */
    static void removeTree(Path directory) {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (var tree = Files.walk(directory)) {
            for (var path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        } catch (IOException e) {
            throw cannot("remove", directory, e);
        }
    }
}
