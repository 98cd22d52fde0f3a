package dev.envctl.client;

import dev.envctl.EnvctlException;
import dev.envctl.Progress;
import dev.envctl.primary.Follower;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * What a signal does to whoever waits for a creation: a creation that was started here is taken back before the process ends. Armed from
 * before the primary is started, because a signal may come in the middle of that.
 */
final class RollBack implements AutoCloseable {
    /** Longer than a primary takes to start, and than a removal may take. */
    private static final long LIMIT_MINUTES = 5;

    private final Follower follower;
    private final Request request;
    private final Progress progress;
    private final Consumer<EnvctlException> failed;
    private final Thread hook = new Thread(this::run, "signal");
    private final CountDownLatch answered = new CountDownLatch(1);
    private final CountDownLatch done = new CountDownLatch(1);
    private volatile boolean begun;
    private volatile boolean started;

    RollBack(Follower follower, Request request, Progress progress, Consumer<EnvctlException> failed) {
        this.follower = follower;
        this.request = request;
        this.progress = progress;
        this.failed = failed;
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** A primary is about to be started here. */
    void starting() {
        started = true;
    }

    /** Whether it is ours to take back is known now. */
    void found(Follower.Found found) {
        started = found.startedHere();
        answered.countDown();
    }

    /** Whether a signal has come. */
    boolean begun() {
        return begun;
    }

    private void run() {
        begun = true;
        try {
            if (started && answered.await(LIMIT_MINUTES, TimeUnit.MINUTES) && started) {
                takeBack();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            done.countDown();
        }
    }

    private void takeBack() {
        var spec = request.spec();
        try {
            follower.down(spec.timeouts(), "`envctl up` was interrupted");
            progress.note("Environment %s is gone again.".formatted(spec.name()));
        } catch (EnvctlException e) {
            failed.accept(e);
        }
    }

    /** From here on a signal takes nothing back. False where one has come; then what it does has been done. */
    boolean disarm() {
        answered.countDown();
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
