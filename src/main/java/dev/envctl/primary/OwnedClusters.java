package dev.envctl.primary;

import dev.envctl.CacheDirectory;
import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Which clusters of this user have a living primary, wherever the folder of its environment has gone: each is a one-byte kernel
 * lock, at the offset that the cluster's id is as a number, in one file of the cache. It comes back by itself when the primary
 * dies.
 *
 * <p>One instance per process: closing any channel of a file drops all the locks this process has on it.
 */
final class OwnedClusters implements AutoCloseable {
    private final Path file;
    private final FileChannel channel;

    OwnedClusters(CacheDirectory cache) {
        file = cache.path().resolve("clusters.lock");
        try {
            channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw failure(e);
        }
    }

    /** Says that this process is the primary of a cluster, for as long as it lives. */
    void hold(String id) {
        if (!tryHold(id)) {
            throw new EnvctlException(
                    FailureKind.FAILED,
                    "Cluster %s has a living primary already, for another folder, or is being removed.".formatted(id),
                    "Use the environment in the folder it was made in, or run `envctl down` there.");
        }
    }

    /**
     * The same as {@link #hold}.
     *
     * @return false where another process is its primary, or removes it
     */
    boolean tryHold(String id) {
        try {
            return channel.tryLock(offset(id), 1, false) != null;
        } catch (OverlappingFileLockException e) {
            // Held by this process.
            return true;
        } catch (IOException e) {
            throw failure(e);
        }
    }

    private static long offset(String id) {
        return Long.parseLong(id, 16);
    }

    private EnvctlException failure(IOException e) {
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
            // The kernel releases the locks when the process ends.
            return;
        }
    }
}
