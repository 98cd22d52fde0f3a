package dev.envctl.image;

import dev.envctl.readiness.Answer;
import dev.envctl.readiness.Deadline;
import dev.envctl.readiness.Wait;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Work that only one thread of one process of this machine may do at a time. The lock is the kernel's, so it ends with its
 * holder; its file is never deleted, or two processes could each lock a file of that name.
 */
final class ExclusiveWork {
    private static final Duration GLANCE = Duration.ofMillis(100);

    private final Path file;
    /** Taken first: on POSIX systems a process loses its lock as soon as any of its threads closes the file. */
    private final ReentrantLock inThisProcess = new ReentrantLock();

    private final Wait wait = new Wait();

    /** @param file an empty file made for this purpose only */
    ExclusiveWork(Path file) {
        this.file = file;
    }

    /**
     * Does the work as soon as nobody else is at it.
     *
     * @param what the work, as it reads after "waiting for"
     * @throws dev.envctl.EnvctlException TIMEOUT if another one is at it until the deadline
     */
    <T> T run(String what, Deadline deadline, Consumer<String> onReason, Supplier<T> work) {
        wait.until(what, deadline, GLANCE, onReason, () -> answer(inThisProcess.tryLock(), "thread"));
        try {
            StoredFile.createParent(file);
            try (var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                wait.until(what, deadline, GLANCE, onReason, () -> answer(locked(channel), "process"));
                return work.get();
            }
        } catch (IOException e) {
            throw StoredFile.cannot("lock", file, e);
        } finally {
            inThisProcess.unlock();
        }
    }

    private static Answer<Boolean> answer(boolean locked, String other) {
        return locked ? Answer.ready(true) : Answer.notYet("another %s is at it".formatted(other));
    }

    /** Closing the channel frees the lock. */
    private boolean locked(FileChannel channel) {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        } catch (IOException e) {
            throw StoredFile.cannot("lock", file, e);
        }
    }
}
