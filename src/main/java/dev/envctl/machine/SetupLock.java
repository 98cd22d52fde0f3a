package dev.envctl.machine;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.Progress;
import dev.envctl.readiness.Answer;
import dev.envctl.readiness.Deadline;
import dev.envctl.readiness.Wait;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;

/** Lets one set-up of this cache run at a time. The kernel frees the lock when its process ends, however it ends. */
final class SetupLock implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final Path file;
    private final FileChannel channel;

    private SetupLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    static SetupLock take(Path cache, Wait wait, Deadline deadline, Progress progress) {
        var file = cache.resolve("setup.lock");
        try {
            Files.createDirectories(cache);
            var channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                wait.until(
                        "another `envctl setup` to end",
                        deadline,
                        PAUSE,
                        reason -> progress.waiting("set up", reason),
                        () -> lock(channel, file));
                return new SetupLock(file, channel);
            } catch (RuntimeException e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw unusable(file, e);
        }
    }

    private static Answer<Boolean> lock(FileChannel channel, Path file) {
        try {
            if (channel.tryLock() != null) {
                return Answer.ready(true);
            }
        } catch (OverlappingFileLockException e) {
            return Answer.notYet("another set-up of this process holds " + file);
        } catch (IOException e) {
            return Answer.hopeless(unusable(file, e));
        }
        return Answer.notYet("another set-up holds " + file);
    }

    private static EnvctlException unusable(Path file, IOException cause) {
        return new EnvctlException(
                FailureKind.FAILED,
                "%s cannot be locked: %s.".formatted(file, cause),
                "See that the folder can be written, or name another with ENVCTL_CACHE.",
                cause);
    }

    Path file() {
        return file;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // The kernel frees the lock with the process; nothing is lost.
            return;
        }
    }
}
