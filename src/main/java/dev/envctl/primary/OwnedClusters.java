package dev.envctl.primary;

import dev.envctl.CacheDirectory;
import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.environment.EnvironmentDirectory;
import dev.envctl.machine.HostWideFile;
import dev.envctl.machine.Machine;
import dev.envctl.readiness.Wait;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which clusters of this machine have a living primary, wherever the folder of its environment and its cache have gone: each is a
 * one-byte kernel lock, at the offset that the cluster's id is as a number, in one file of the machine. It comes back by itself
 * when the primary dies.
 *
 * <p>One instance per process: closing any channel of a file drops all the locks this process has on it.
 */
final class OwnedClusters implements AutoCloseable {
    private static final String LOCK_FILE = "envctl-clusters.lock";

    private final FileChannel channel;
    private final Set<String> held = ConcurrentHashMap.newKeySet();

    OwnedClusters(Machine machine, CacheDirectory cache) {
        EnvironmentDirectory.privateDirectory(cache.path());
        channel = HostWideFile.open(machine, LOCK_FILE, cache.path().resolve("clusters.lock"));
    }

    /**
     * Says that this process is the primary of a cluster, for as long as it lives. Someone who only asks holds it for a
     * moment: tries again for a short while.
     *
     * @throws EnvctlException NOT_OWNER where another process is its primary: nothing of the cluster may be touched then
     */
    void hold(String id, Wait waits) {
        if (Briefly.again(waits, () -> held(id)).isEmpty()) {
            throw somebodyElses(id);
        }
    }

    /** What is told of a cluster that another process holds. */
    static EnvctlException somebodyElses(String id) {
        var holder = KernelLocks.holder(offset(id));
        return new EnvctlException(
                FailureKind.NOT_OWNER,
                "Cluster %s has a living primary already%s, whose folder was moved, copied or deleted since, or is being removed. Nothing of it was changed."
                        .formatted(
                                id,
                                holder.map(pid -> " (pid %d)".formatted(pid)).orElse("")),
                holder.map(
                                ("Use the environment in the folder it was made in. Where that is gone and process %1$d is its"
                                                + " primary, `kill %1$d` ends it, which removes the cluster; then run this again.")
                                        ::formatted)
                        .orElse("Use the environment in the folder it was made in, or run `envctl down` there."));
    }

    /** The id, held from now on; empty where another process is its primary, or removes it. */
    Optional<String> held(String id) {
        try {
            if (!held.contains(id) && channel.tryLock(offset(id), 1, false) != null) {
                held.add(id);
            }
            return Optional.of(id).filter(held::contains);
        } catch (OverlappingFileLockException e) {
            // Somebody else in this process.
            return Optional.empty();
        } catch (IOException e) {
            throw failure(id, e);
        }
    }

    /** Whether this process holds it. */
    boolean holds(String id) {
        return held.contains(id);
    }

    /** The ids of those that this process holds. */
    Set<String> ids() {
        return Set.copyOf(held);
    }

    private static long offset(String id) {
        return Long.parseLong(id, 16);
    }

    private static EnvctlException failure(String id, IOException e) {
        return new EnvctlException(
                FailureKind.FAILED,
                "Whether cluster %s has a living primary cannot be told: %s".formatted(id, e.getMessage()),
                "/run/lock, or else /tmp or the cache folder, must be on a local file system.",
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
