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
                move(temporary, target);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw cannot("write", file, e);
        }
    }

    /** Puts a file that is on the disk in its place, in one step. */
    static void move(Path temporary, Path file) {
        try {
            var directory = createParent(file);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
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
        if (String.valueOf(cause.getMessage()).contains("No space left")) {
            return new EnvctlException(
                    FailureKind.FAILED,
                    "Cannot %s %s: no space is left on that disk%s.".formatted(verb, file, free(file)),
                    "Free some, or set ENVCTL_CACHE to a folder on another disk. Nothing half-written was kept.",
                    cause);
        }
        return new EnvctlException(
                FailureKind.FAILED,
                "Cannot %s %s: %s.".formatted(verb, file, reason(cause)),
                "Check the free space and the permissions of that directory.",
                cause);
    }

    private static String free(Path file) {
        try {
            var store = Files.getFileStore(
                    Objects.requireNonNull(file.toAbsolutePath().getParent()));
            return " (%.1f of %.1f MB are free)".formatted(store.getUsableSpace() / 1e6, store.getTotalSpace() / 1e6);
        } catch (IOException e) {
            return "";
        }
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
