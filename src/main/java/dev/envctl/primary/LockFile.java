package dev.envctl.primary;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;

/**
 * The kernel locks of one environment, on two bytes of one file that is never deleted. The kernel frees them when their
 * holder dies, however it dies, so there is no stale lock.
 *
 * <p>Byte 0 belongs to the primary, for its whole life. Byte 1 belongs to whoever is starting one, so that of many
 * {@code up} at the same moment one starts a primary and the others wait for it.
 *
 * <p>One channel per process: closing any other channel on the file would drop this process's locks.
 */
final class LockFile implements AutoCloseable {
    private static final long PRIMARY = 0;
    private static final long STARTER = 1;

    private final Path file;
    private final FileChannel channel;

    private LockFile(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    static LockFile open(Path file) {
        try {
            return new LockFile(
                    file,
                    FileChannel.open(
                            file,
                            Set.of(StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE),
                            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))));
        } catch (IOException e) {
            throw failure(file, e);
        }
    }

    /** The primary's lock, or empty while somebody else has it. */
    Optional<FileLock> tryPrimary() {
        return tryLock(PRIMARY, false);
    }

    /** The right to start a primary, or empty while somebody else has it. */
    Optional<FileLock> tryStarter() {
        return tryLock(STARTER, false);
    }

    /**
     * Whether there is a primary. Asks with a shared lock that is given back at once: a primary that starts in that very
     * moment tries again.
     */
    boolean primaryIsAlive() {
        var lock = tryLock(PRIMARY, true);
        lock.ifPresent(this::release);
        return lock.isEmpty();
    }

    void release(FileLock lock) {
        try {
            lock.release();
        } catch (IOException e) {
            throw failure(file, e);
        }
    }

    private Optional<FileLock> tryLock(long position, boolean shared) {
        try {
            return Optional.ofNullable(channel.tryLock(position, 1, shared));
        } catch (OverlappingFileLockException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw failure(file, e);
        }
    }

    private static EnvctlException failure(Path file, IOException e) {
        return new EnvctlException(
                FailureKind.FAILED,
                "The lock %s cannot be used: %s".formatted(file, e.getMessage()),
                "The folder must be writable and on a local file system.",
                e);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw failure(file, e);
        }
    }
}
