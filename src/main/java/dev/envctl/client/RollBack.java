package dev.envctl.client;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.Progress;
import dev.envctl.primary.Follower;
import dev.envctl.primary.PrimaryRecord;
import dev.envctl.primary.Starting;
import dev.envctl.process.Command;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * What a signal does to whoever waits for a creation: a creation that was started here is taken back before the process ends. Armed from
 * before the primary is started, because a signal may come in the middle of that.
 */
final class RollBack implements Starting, AutoCloseable {
    /** Longer than a primary takes to start, and than a removal may take. */
    private static final long LIMIT_MINUTES = 5;

    private final Supplier<Command> command;
    private final Consumer<PrimaryRecord> takeBack;
    private final Progress progress;
    private final Thread hook = new Thread(this::signalled, "signal");
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile boolean begun;
    /** The primary that was started here, once that is known; empty where there is none. */
    private volatile CompletableFuture<Optional<PrimaryRecord>> ours =
            CompletableFuture.completedFuture(Optional.empty());

    /**
     * Armed at once.
     *
     * @param command starts a primary
     * @param takeBack ends the primary that was started, and that one alone
     */
    RollBack(Supplier<Command> command, Consumer<PrimaryRecord> takeBack, Progress progress) {
        this.command = command;
        this.takeBack = takeBack;
        this.progress = progress;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    @Override
    public Command command() {
        ours = new CompletableFuture<>();
        // Asked after that: a signal that comes now waits for this attempt.
        if (begun) {
            inVain();
            throw new EnvctlException(FailureKind.INTERRUPTED, "A signal has come: nothing is started any more.", "");
        }
        return command.get();
    }

    @Override
    public void inVain() {
        ours.complete(Optional.empty());
    }

    /** Whether it is ours to take back is known now. */
    void found(Follower.Found found) {
        ours.complete(Optional.of(found).filter(Follower.Found::startedHere).map(Follower.Found::record));
    }

    /** Whether a signal has come. */
    boolean begun() {
        return begun;
    }

    /** What the signal does. */
    void signalled() {
        begun = true;
        try {
            ours.get(LIMIT_MINUTES, TimeUnit.MINUTES).ifPresent(takeBack);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            progress.warn("Whether a primary was started is not known: %s".formatted(e));
        } finally {
            done.countDown();
        }
    }

    /** From here on a signal takes nothing back. False where one has come; then what it does has been done. */
    boolean disarm() {
        inVain();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
            return true;
        } catch (IllegalStateException e) {
            awaitDone();
            return false;
        }
    }

    /** Lets a removal that is under way come to its end. */
    @Override
    public void close() {
        disarm();
    }

    private void awaitDone() {
        try {
            if (!done.await(LIMIT_MINUTES, TimeUnit.MINUTES)) {
                progress.warn("The removal has not ended within %d minutes.".formatted(LIMIT_MINUTES));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
