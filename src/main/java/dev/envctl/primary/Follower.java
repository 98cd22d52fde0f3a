package dev.envctl.primary;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.Progress;
import dev.envctl.environment.EnvironmentDirectory;
import dev.envctl.environment.HandOff;
import dev.envctl.environment.Past;
import dev.envctl.environment.Timeline;
import dev.envctl.environment.Tools;
import dev.envctl.process.Background;
import dev.envctl.process.Command;
import dev.envctl.process.OwnProcess;
import dev.envctl.readiness.Answer;
import dev.envctl.readiness.Deadline;
import dev.envctl.spec.ClusterSpec.EngineChoice;
import dev.envctl.spec.Timeouts;
import java.nio.channels.FileLock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The other side of a primary: finds it, starts it where there is none, follows what it says, and asks for its end. What
 * {@code up} and {@code down} do.
 */
public final class Follower implements AutoCloseable {
    private static final Duration START_LIMIT = Duration.ofSeconds(30);
    private static final Duration END_LIMIT = Duration.ofSeconds(15);
    private static final Duration EVERY = Duration.ofMillis(25);

    private final EnvironmentDirectory directory;
    private final Tools tools;
    private final Progress progress;
    private final LockFile lockFile;

    public Follower(EnvironmentDirectory directory, Tools tools, Progress progress) {
        this.directory = directory;
        this.tools = tools;
        this.progress = progress;
        directory.create();
        this.lockFile = LockFile.open(directory.lock());
    }

    /** The primary that lives now. */
    public Optional<PrimaryRecord> primary() {
        return lockFile.primaryIsAlive() ? PrimaryRecord.read(directory.primary()) : Optional.empty();
    }

    /** What is left of an environment whose primary is gone. */
    public Optional<Past> remains() {
        return lockFile.primaryIsAlive() ? Optional.empty() : Past.read(directory);
    }

    /** A primary, and whether it was this process that started it. */
    public record Found(PrimaryRecord record, boolean startedHere) {}

    /**
     * The primary that lives, or a new one. Of many processes that call this at the same moment one starts it.
     *
     * @param command starts a primary as a detached process
     */
    public Found findOrStart(Supplier<Command> command) {
        var deadline = Deadline.in(START_LIMIT);
        var starter = tools.waits().until("the primary", deadline, EVERY, reason -> {}, () -> {
            if (lockFile.primaryIsAlive()) {
                return Answer.ready(Optional.<FileLock>empty());
            }
            var lock = lockFile.tryStarter();
            return lock.isPresent() ? Answer.ready(lock) : Answer.notYet("another process is starting it");
        });
        try {
            // Another starter may have succeeded between our two questions.
            Optional<Background> started = starter.isPresent() && !lockFile.primaryIsAlive()
                    ? Optional.of(tools.programs().start(command.get(), directory.primaryLog()))
                    : Optional.empty();
            return new Found(awaitAnswer(deadline, started), started.isPresent());
        } finally {
            starter.ifPresent(lockFile::release);
        }
    }

    private PrimaryRecord awaitAnswer(Deadline deadline, Optional<Background> started) {
        return tools.waits().until("the primary to answer", deadline, EVERY, reason -> {}, () -> {
            var ended = started.filter(background -> !background.alive());
            var lost = ended.filter(background -> background.exitCode() == Primary.SOMEBODY_ELSE_IS);
            var record = primary()
                    .filter(found -> lost.isPresent()
                            || started.map(background -> background.pid() == found.pid())
                                    .orElse(true));
            if (record.isPresent() && new PrimaryClient(record.get()).answers()) {
                return Answer.ready(record.get());
            }
            return ended.isPresent() && lost.isEmpty()
                    ? Answer.hopeless(new EnvctlException(
                            FailureKind.FAILED,
                            "The primary ended at once with exit code %d."
                                    .formatted(ended.get().exitCode()),
                            "See %s.".formatted(directory.primaryLog())))
                    : Answer.notYet("it does not answer yet");
        });
    }

    /**
     * Follows a creation to its end.
     *
     * @throws EnvctlException the creation's own failure, or that the primary died
     */
    public HandOff awaitReady(PrimaryRecord primary) {
        var creation = new Creation(progress);
        var told = new PrimaryClient(primary).follow(creation);
        var failure = creation.failure;
        if (failure != null) {
            // With --keep-on-failure the primary stays, to be looked at.
            if (creation.state != State.FAILED) {
                awaitFreed(primary, END_LIMIT);
            }
            throw failure;
        }
        if (!told) {
            throw died(primary);
        }
        return HandOff.read(directory).orElseThrow(() -> died(primary));
    }

    /** Reads the stream until the environment is ready or has failed. */
    private static final class Creation implements Predicate<Message> {
        private final Progress progress;
        private State state = State.CREATING;
        private @Nullable EnvctlException failure;

        Creation(Progress progress) {
            this.progress = progress;
        }

        @Override
        public boolean test(Message message) {
            if (message instanceof Message.Event event) {
                progress.report(event.event());
            } else if (message instanceof Message.Changed changed) {
                state = changed.state();
            } else if (message instanceof Message.Failed failed) {
                failure = failed.failure();
            }
            return state == State.READY || failure != null;
        }
    }

    /** Reads the stream, from where the removal begins, until it has ended. */
    private static final class Departure implements Predicate<Message> {
        private final Progress progress;
        private State state = State.READY;
        private @Nullable EnvctlException failure;

        Departure(Progress progress) {
            this.progress = progress;
        }

        @Override
        public boolean test(Message message) {
            if (message instanceof Message.Changed changed) {
                state = changed.state();
            } else if (state == State.REMOVING && message instanceof Message.Event event) {
                progress.report(event.event());
            } else if (state == State.REMOVING && message instanceof Message.Failed failed) {
                failure = failed.failure();
            }
            return state == State.REMOVED || failure != null;
        }
    }

    private EnvctlException died(PrimaryRecord primary) {
        return new EnvctlException(
                FailureKind.FAILED,
                "The primary (pid %d) ended before the environment was ready.".formatted(primary.pid()),
                "Run `envctl up` again, or `envctl down` to remove what it left. Its log is %s."
                        .formatted(directory.primaryLog()));
    }

    /**
     * Ends the environment, whoever made it: asks the primary to, or, where it is gone, removes what it left.
     *
     * @return whether there was anything
     */
    public boolean down(EngineChoice engine, Timeouts limits, String reason) {
        var primary = primary();
        if (primary.isPresent()) {
            var client = new PrimaryClient(primary.get());
            client.down(reason);
            followRemoval(client, primary.get());
            awaitFreed(primary.get(), END_LIMIT);
            return true;
        }
        var lock = lockFile.tryPrimary()
                .orElseThrow(() -> new EnvctlException(
                        FailureKind.FAILED,
                        "A primary is starting at this very moment.",
                        "Run `envctl down` again in a few seconds."));
        try {
            progress.report(new Progress.Started("look for what is left"));
            var any = new RemainsOf(tools, directory, engine, new Timeline(), progress)
                    .remove(limits.engine(), limits.teardown());
            directory.clear();
            return any;
        } finally {
            lockFile.release(lock);
        }
    }

    private void followRemoval(PrimaryClient client, PrimaryRecord primary) {
        var departure = new Departure(progress);
        var told = client.follow(departure);
        if (departure.failure != null) {
            throw departure.failure;
        }
        if (!told && lockFile.primaryIsAlive()) {
            throw new EnvctlException(
                    FailureKind.TIMEOUT,
                    "The primary (pid %d) stopped telling what it does.".formatted(primary.pid()),
                    "Run `envctl down` again; if it hangs, end it with `kill -9 %d` first.".formatted(primary.pid()));
        }
    }

    private void awaitFreed(PrimaryRecord primary, Duration limit) {
        tools.waits()
                .until(
                        "the primary (pid %d) to end".formatted(primary.pid()),
                        Deadline.in(limit),
                        EVERY,
                        reason -> {},
                        () -> lockFile.primaryIsAlive()
                                ? Answer.notYet("it still holds the lock")
                                : Answer.ready(true));
    }

    /** Whether a record speaks of a kernel that runs no more. */
    public static boolean beforeReboot(PrimaryRecord record) {
        return !record.bootId().equals(OwnProcess.bootId());
    }

    @Override
    public void close() {
        lockFile.close();
    }
}
