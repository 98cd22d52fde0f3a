package dev.envctl.machine;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A file that all users of a machine can lock, whatever their home and cache folders are. It holds nothing, and is in a folder
 * where everybody may make files and nobody may delete those of others.
 */
final class HostWideFile {
    /** The first is the place for lock files (Filesystem Hierarchy Standard 3.0, section 5.9), which not every system has. */
    private static final List<String> FOLDERS = List.of("run/lock", "tmp");

    private HostWideFile() {}

    /** Empty where no such file can be had here, or what has its name is no plain file. */
    static Optional<FileChannel> open(Path root, String name) {
        return FOLDERS.stream()
                .map(root::resolve)
                .filter(Files::isDirectory)
                .flatMap(folder -> open(folder.resolve(name)).stream())
                .findFirst();
    }

    private static Optional<FileChannel> open(Path file) {
        try {
            try {
                return Optional.of(existing(file));
            } catch (NoSuchFileException e) {
                return Optional.of(created(file));
            }
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Without CREATE: Linux refuses that in such a folder for a file of somebody else (fs.protected_regular). */
    private static FileChannel existing(Path file) throws IOException {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(file + " is no plain file");
        }
        return FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    }

    private static FileChannel created(Path file) throws IOException {
        try {
            var channel = FileChannel.open(
                    file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
            // Whatever the umask says.
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-rw-rw-"));
            return channel;
        } catch (FileAlreadyExistsException e) {
            return existing(file);
        }
    }
}
