package dev.envctl.primary;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.environment.EnvironmentDirectory;
import dev.envctl.environment.Tools;
import dev.envctl.readiness.Answer;
import dev.envctl.readiness.Deadline;
import dev.envctl.readiness.Wait;
import java.nio.channels.FileLock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The place that one primary at a time holds, as others see it: the lock, and what the holder has written of itself. */
final class PrimarySeat implements AutoCloseable {
    static final Duration EVERY = Duration.ofMillis(25);
    private static final Duration END_LIMIT = Duration.ofSeconds(15);
    private static final int SHOWN_LINES = 10;

    private final EnvironmentDirectory directory;
    private final Wait waits;
    private final LockFile lockFile;

    private PrimarySeat(EnvironmentDirectory directory, Wait waits, LockFile lockFile) {
        this.directory = directory;
        this.waits = waits;
        this.lockFile = lockFile;
    }

    /** Makes the environment's folder where it is missing. */
    static PrimarySeat of(EnvironmentDirectory directory, Tools tools) {
        directory.create();
        return new PrimarySeat(directory, tools.waits(), LockFile.open(directory.lock()));
    }

    EnvironmentDirectory directory() {
        return directory;
    }

    boolean taken() {
        return lockFile.primaryIsAlive();
    }

    /** The primary that lives now. */
    Optional<PrimaryRecord> primary() {
        return taken() ? PrimaryRecord.read(directory.primary()) : Optional.empty();
    }

    /** Who holds it and does not answer, and what to do about it. */
    String holder() {
        return PrimaryRecord.read(directory.primary())
                .map(record -> "its primary (pid %1$d) does not answer; if it hangs, end it with `kill -9 %1$d`"
                        .formatted(record.pid()))
                .orElseGet(() -> "another process holds it and no primary.json says which: `fuser -v %s` does"
                        .formatted(directory.lock()));
    }

    /** Lets a moment pass. */
    void pause(Duration duration) {
        waits.pause(duration);
    }

    /** See {@link LockFile#tryPrimary}. */
    Optional<FileLock> tryTake() {
        return lockFile.tryPrimary();
    }

    /** See {@link LockFile#tryStarter}. */
    Optional<FileLock> tryStarter() {
        return lockFile.tryStarter();
    }

    void release(FileLock lock) {
        lockFile.release(lock);
    }

    /** @throws EnvctlException TIMEOUT where it has not ended some seconds later */
    void awaitFreed(PrimaryRecord primary) {
        waits.until(
                "the primary (pid %d) to end".formatted(primary.pid()),
                Deadline.in(END_LIMIT),
                EVERY,
                reason -> {},
                () -> taken() ? Answer.notYet("it still holds the lock") : Answer.ready(true));
    }

    /** Whether the primary still lives some seconds from now. */
    boolean staysTaken(PrimaryRecord primary) {
        try {
            awaitFreed(primary);
            return false;
        } catch (EnvctlException e) {
            if (e.kind() == FailureKind.TIMEOUT) {
                return true;
            }
            throw e;
        }
    }

    /** The end of the primary's log; nothing where not even that could be written. */
    List<String> lastWords() {
        var lines = EnvironmentDirectory.read(directory.primaryLog())
                .orElse("")
                .lines()
                .toList();
        return lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size());
    }

    @Override
    public void close() {
        lockFile.close();
    }
}
