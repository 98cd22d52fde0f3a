package dev.envctl.environment;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * The files of one environment: {@code .envctl/NAME/} next to {@code environments/}. Directories are 0700 and files 0600;
 * a file is written whole or not at all.
 *
 * @param path absolute
 */
public record EnvironmentDirectory(Path path) {
    /**
     * The directory of one environment of a project.
     *
     * @param project the folder that holds {@code environments/}
     */
    public static EnvironmentDirectory of(Path project, String name) {
        return new EnvironmentDirectory(
                project.toAbsolutePath().normalize().resolve(".envctl").resolve(name));
    }

    /** Held by the primary for its whole life; never deleted. */
    public Path lock() {
        return path.resolve("lock");
    }

    /** Intent and outcome of every side effect. */
    public Path journal() {
        return path.resolve("journal.jsonl");
    }

    /** The hand-off; present only while the environment is ready. */
    public Path handOff() {
        return path.resolve("environment.json");
    }

    /** How to reach the primary; present while there is one, and after one that was killed. */
    public Path primary() {
        return path.resolve("primary.json");
    }

    public Path kubeconfig() {
        return path.resolve("kubeconfig");
    }

    public Path workers() {
        return path.resolve("workers");
    }

    public Path timeline() {
        return path.resolve("timeline.json");
    }

    public Path logs() {
        return path.resolve("logs");
    }

    public Path suites() {
        return path.resolve("suites");
    }

    public Path primaryLog() {
        return logs().resolve("primary.log");
    }

    public Path kindLog() {
        return logs().resolve("kind.log");
    }

    /** What was collected when something failed. */
    public Path diagnostics() {
        return logs().resolve("diagnostics");
    }

    /** Files that only the primary itself needs: sockets, configuration for kind. */
    public Path scratch() {
        return path.resolve("scratch");
    }

    /** What has happened to the running environment that is worth knowing, one line each; there only if something has. */
    public Path notices() {
        return path.resolve("notices");
    }

    /** Lets the primary see that somebody uses the environment; one that cannot be written to is no reason to fail. */
    public void markUsed() {
        try {
            Files.setLastModifiedTime(lock(), FileTime.from(Instant.now()));
        } catch (IOException e) {
            return;
        }
    }

    /** Differs from the last answer if somebody has marked it as used since. */
    public Optional<FileTime> lastUsed() {
        try {
            return Optional.of(Files.getLastModifiedTime(lock()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    public void create() {
        privateDirectory(path);
        privateDirectory(logs());
    }

    /** Makes a directory that only this user can enter. */
    public static void privateDirectory(Path directory) {
        try {
            if (!Files.isDirectory(directory)) {
                Files.createDirectories(
                        directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            }
        } catch (IOException e) {
            throw unwritable(directory, e);
        }
    }

    /** Makes an empty file that only this user can read; what is there already stays. */
    static void privateFile(Path file) {
        try {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } catch (FileAlreadyExistsException e) {
            // An earlier run's log: this one adds to it.
            return;
        } catch (IOException e) {
            throw unwritable(file, e);
        }
    }

    /** Writes a file whole: to a temporary file beside it, synced to disk, then renamed. */
    public static void write(Path file, String text) {
        write(file, text, true);
    }

    /** Like {@link #write}, but whole only for as long as the machine runs: a crash of the kernel may lose it. */
    static void replace(Path file, String text) {
        write(file, text, false);
    }

    private static void write(Path file, String text, boolean synced) {
        try {
            var temporary = Files.createTempFile(
                    file.toAbsolutePath().getParent(),
                    "." + file.getFileName() + ".",
                    ".tmp",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try {
                fill(temporary, text, synced);
                Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw unwritable(file, e);
        }
    }

    private static void fill(Path file, String text, boolean synced) throws IOException {
        try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            var bytes = StandardCharsets.UTF_8.encode(text);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            if (synced) {
                channel.force(true);
            }
        }
    }

    /** The text of a file, or empty where there is none. Bytes that are no text, as a crash leaves them, are replaced. */
    public static Optional<String> read(Path file) {
        try {
            return Optional.of(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            if (!Files.isDirectory(file.resolveSibling("."))) {
                // Something else stands where its folder should be: whoever wants to write there says so.
                return Optional.empty();
            }
            throw new EnvctlException(
                    FailureKind.FAILED, "%s cannot be read: %s".formatted(file, reason(e)), "Check who owns it.", e);
        }
    }

    /** Takes back the hand-off, so that no client starts to use an environment that is going away. */
    public void withdraw() {
        delete(handOff());
        delete(workers());
    }

    /** Removes what tells of an environment that is gone. What belongs to its primary stays, which may make another. */
    public void forget() {
        withdraw();
        deleteAllBut(lock(), logs(), suites(), timeline(), primary(), scratch());
    }

    /** Removes everything but the lock, the logs, the timeline and what suites wrote. */
    public void clear() {
        withdraw();
        deleteAllBut(lock(), logs(), suites(), timeline());
    }

    /**
     * Also what is not named here: files half written when their writer was killed, and lock files of kind, which would keep
     * the next one from writing its kubeconfig. The journal goes last: it says that there may be more.
     */
    private void deleteAllBut(Path... kept) {
        var keep = Set.of(kept);
        try (var files = Files.list(path)) {
            files.filter(file -> !keep.contains(file) && !file.equals(journal()))
                    .toList()
                    .forEach(EnvironmentDirectory::delete);
        } catch (NoSuchFileException e) {
            return;
        } catch (IOException e) {
            throw unwritable(path, e);
        }
        delete(journal());
    }

    /** Removes a file or a whole folder; one that is not there is fine. Links are removed, not followed. */
    public static void delete(Path fileOrFolder) {
        try {
            Files.walkFileTree(fileOrFolder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                    if (failure instanceof NoSuchFileException) {
                        return FileVisitResult.CONTINUE;
                    }
                    throw failure;
                }

                @Override
                public FileVisitResult postVisitDirectory(
                        Path directory, @org.jspecify.annotations.Nullable IOException failure) throws IOException {
                    Files.deleteIfExists(directory);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException e) {
            throw unwritable(fileOrFolder, e);
        }
    }

    static EnvctlException unwritable(Path file, IOException cause) {
        return new EnvctlException(
                FailureKind.FAILED,
                "%s cannot be written: %s".formatted(file, reason(cause)),
                "Check free space, permissions and who owns the folder.",
                cause);
    }

    private static String reason(IOException e) {
        return "%s (%s)".formatted(e.getMessage(), e.getClass().getSimpleName());
    }
}
