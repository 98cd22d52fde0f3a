package dev.envctl.machine;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;

/**
 * A file that all users of a machine can lock, whatever their home and cache folders are. It holds nothing, and is in a folder
 * where everybody may make files and nobody may delete those of others.
 */
public final class HostWideFile {
    /** The first is the place for lock files (Filesystem Hierarchy Standard 3.0, section 5.9), which not every system has. */
    private static final List<String> FOLDERS = List.of("run/lock", "tmp");

    private HostWideFile() {}

    /**
     * The one of this machine, open for locks.
     *
     * @param fallback made and opened where the machine has no place for one that all its users share: then locks are known to
     *     those who have the same one
     */
    public static FileChannel open(Machine machine, String name, Path fallback) {
        return open(machine.root(), name).orElseGet(() -> own(fallback));
    }

    static FileChannel own(Path file) {
        try {
            return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new EnvctlException(
                    FailureKind.FAILED,
                    "%s cannot be opened: %s".formatted(file, e.getMessage()),
                    "Check who owns it.",
                    e);
        }
    }

    /**
     * In the first folder that is open to all: everybody must come to the same one. Empty where there is none, or where what has
     * the name is no plain file, or one that somebody has closed to others.
     */
    static Optional<FileChannel> open(Path root, String name) {
        return FOLDERS.stream()
                .map(root::resolve)
                .filter(HostWideFile::isOpenToAll)
                .findFirst()
                .flatMap(folder -> open(folder.resolve(name)));
    }

    private static boolean isOpenToAll(Path folder) {
        try {
            return Files.isDirectory(folder)
                    && Files.getPosixFilePermissions(folder).contains(PosixFilePermission.OTHERS_WRITE);
        } catch (IOException e) {
            return false;
        }
    }

    private static Optional<FileChannel> open(Path file) {
        try {
            if (Files.notExists(file, LinkOption.NOFOLLOW_LINKS)) {
                create(file);
            }
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                return Optional.empty();
            }
            // Without CREATE: Linux refuses that in such a folder for a file of somebody else (fs.protected_regular).
            return Optional.of(FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** Gets its name last, when all may write to it, whatever the umask says: nobody finds one that is closed to him. */
    private static void create(Path file) throws IOException {
        var fresh = Files.createTempFile(file.getParent(), file.getFileName() + ".", ".new");
        try {
            Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rw-rw-rw-"));
            Files.createLink(file, fresh);
        } catch (FileAlreadyExistsException e) {
            // Somebody else was faster: that one is as good.
            return;
        } finally {
            Files.deleteIfExists(fresh);
        }
    }
}
