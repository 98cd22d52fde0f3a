package dev.envctl.primary;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.Progress;
import dev.envctl.environment.Ended;
import dev.envctl.environment.EnvironmentDirectory;
import dev.envctl.environment.HandOff;
import dev.envctl.environment.RemainsOf;
import dev.envctl.environment.Timeline;
import dev.envctl.environment.Tools;
import dev.envctl.process.Background;
import dev.envctl.process.Command;
import dev.envctl.readiness.Answer;
import dev.envctl.readiness.Deadline;
import dev.envctl.spec.ClusterSpec.EngineChoice;
import dev.envctl.spec.Timeouts;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The other side of a primary: finds it, starts it where there is none, follows what it says, and asks for its end. What
 * {@code up} and {@code down} do.
 */
public final class Follower implements AutoCloseable {
    /** A second usually; a machine on which everything else runs too may take long. */
    private static final Duration START_LIMIT = Duration.ofMinutes(1);

    private static final Duration END_LIMIT = Duration.ofSeconds(15);
    private static final Duration REMOVAL_LIMIT = Duration.ofMinutes(2);
    private static final String FIND = "find the primary";
    private static final String GOING_OR_COMING = "the environment is being removed, or its primary is starting";
    private static final int SHOWN_LINES = 10;
    private static final Duration EVERY = Duration.ofMillis(25);

    private final EnvironmentDirectory directory;
    private final Tools tools;
    private final Progress progress;
    private final boolean mayReplace;
    private final LockFile lockFile;
    private volatile boolean ending;
    private boolean replacing;

    public Follower(EnvironmentDirectory directory, Tools tools, Progress progress) {
        this(directory, tools, progress, true);
    }

    /** @param mayReplace whether an environment that is broken for good may be removed, to be made anew: not by a worker */
    public Follower(EnvironmentDirectory directory, Tools tools, Progress progress, boolean mayReplace) {
        this.directory = directory;
        this.tools = tools;
        this.progress = progress;
        this.mayReplace = mayReplace;
        directory.create();
        this.lockFile = LockFile.open(directory.lock());
    }

    /** The primary that lives now. */
    public Optional<PrimaryRecord> primary() {
        return lockFile.primaryIsAlive() ? PrimaryRecord.read(directory.primary()) : Optional.empty();
    }

    /** A primary, and whether it was this process that started it. */
    public record Found(PrimaryRecord record, boolean startedHere) {}

    /**
     * The primary that lives, or a new one. Of many processes that call this at the same moment one starts it.
     *
     * @param command starts a primary as a detached process
     */
    public Found findOrStart(Supplier<Command> command) {
        progress.report(new Progress.Started(FIND));
        var begun = System.nanoTime();
        // Long enough for a removal that is under way to end first.
        var found = tools.waits()
                .until("the primary", Deadline.in(REMOVAL_LIMIT), EVERY, this::finding, () -> tryFindOrStart(command));
        progress.report(new Progress.Finished(FIND, Progress.Outcome.OK, Duration.ofNanos(System.nanoTime() - begun)));
        return found;
    }

    private void finding(String reason) {
        progress.waiting(FIND, reason);
    }

    private Answer<Found> tryFindOrStart(Supplier<Command> command) {
        if (lockFile.primaryIsAlive()) {
            return primary().map(this::found).orElseGet(() -> Answer.notYet(GOING_OR_COMING));
        }
        var starter = lockFile.tryStarter();
        if (starter.isEmpty()) {
            return Answer.notYet("another process is starting it");
        }
        try {
            // Another starter may have succeeded between our two questions.
            return lockFile.primaryIsAlive()
                    ? Answer.notYet("another process has started it")
                    : start(command).<Answer<Found>>map(Answer::ready).orElseGet(() -> Answer.notYet(GOING_OR_COMING));
        } finally {
            lockFile.release(starter.get());
        }
    }

    /** One whose environment is broken for good is asked to remove it, so that the next one makes it anew. */
    private Answer<Found> found(PrimaryRecord record) {
        var client = new PrimaryClient(record);
        var state = client.state().filter(State::stays);
        if (state.isEmpty()) {
            return Answer.notYet(GOING_OR_COMING);
        }
        var broken = client.broken();
        if (broken.isEmpty()) {
            return Answer.ready(new Found(record, false));
        }
        if (!broken.get().lasting()) {
            return Answer.hopeless(broken(broken.get()));
        }
        if (!mayReplace) {
            return Answer.hopeless(notReplaced(broken.get()));
        }
        if (!replacing) {
            replacing = true;
            progress.note("The environment is broken: %s. It is made anew."
                    .formatted(broken.get().reason()));
            asked(record, "it was broken: " + broken.get().reason());
        }
        return Answer.notYet("the broken environment is being removed");
    }

    private static EnvctlException broken(PrimaryClient.Broken broken) {
        return new EnvctlException(
                FailureKind.FAILED,
                "The environment is broken: %s.".formatted(broken.reason()),
                "It may become well again by itself (`envctl status` shows it); `envctl up --recreate` makes it anew.");
    }

    private static EnvctlException notReplaced(PrimaryClient.Broken broken) {
        return new EnvctlException(
                FailureKind.NOT_OWNER,
                "The environment is broken: %s. This is a worker of one (ENVCTL_WORKER is set), and a worker removes none."
                        .formatted(broken.reason()),
                "Let whoever ran `envctl up` run it again. In a shell of yours: `unset ENVCTL_WORKER`.");
    }

    /** Empty where somebody was faster: who removes what a killed primary left, or an {@code up --foreground}. */
    private Optional<Found> start(Supplier<Command> command) {
        var started = tools.programs().startDetached(command.get(), directory.primaryLog());
        try {
            var found = awaitAnswer(Deadline.in(START_LIMIT), started);
            started.leave();
            return found;
        } catch (EnvctlException e) {
            // It must not come to itself later and make what nobody waits for any more.
            started.end();
            throw e.kind() == FailureKind.TIMEOUT ? silent(e) : e;
        }
    }

    private EnvctlException silent(EnvctlException timeout) {
        return new EnvctlException(
                FailureKind.TIMEOUT,
                timeout.problem(),
                "See %s for how far it came. Where the machine does too much else, run it again."
                        .formatted(directory.primaryLog()),
                lastWords(),
                timeout);
    }

    private Optional<Found> awaitAnswer(Deadline deadline, Background started) {
        return tools.waits().until("the primary to answer", deadline, EVERY, this::finding, () -> {
            var record = primary().filter(found -> found.pid() == started.pid());
            if (record.isPresent() && new PrimaryClient(record.get()).state().isPresent()) {
                return Answer.ready(Optional.of(new Found(record.get(), true)));
            }
            if (started.alive()) {
                return Answer.notYet("it does not answer yet");
            }
            return started.exitCode() == Primary.SOMEBODY_ELSE_IS
                    ? Answer.ready(Optional.empty())
                    : Answer.hopeless(new EnvctlException(
                            FailureKind.FAILED,
                            "The primary ended at once with exit code %d.".formatted(started.exitCode()),
                            "See %s. If it says nothing of this, check free space.".formatted(directory.primaryLog()),
                            lastWords(),
                            null));
        });
    }

    /** The end of the primary's log; nothing where not even that could be written. */
    private List<String> lastWords() {
        var lines = EnvironmentDirectory.read(directory.primaryLog())
                .orElse("")
                .lines()
                .toList();
        return lines.subList(Math.max(0, lines.size() - SHOWN_LINES), lines.size());
    }

    /**
     * Follows a creation to its end.
     *
     * @throws EnvctlException the creation's own failure, or that the primary died
     */
    public HandOff awaitReady(PrimaryRecord primary) {
        // Who ends it in the middle follows the removal on a stream of his own.
        var creation = new Creation(event -> {
            if (!ending) {
                progress.report(event);
            }
        });
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
            throw lost(primary);
        }
        return primary.handOff(directory).orElseThrow(() -> withoutHandOff(primary));
    }

    private EnvctlException withoutHandOff(PrimaryRecord primary) {
        return new PrimaryClient(primary).state().filter(State.READY::equals).isPresent()
                ? new EnvctlException(
                        FailureKind.FAILED,
                        "The environment is ready, but %s is gone or damaged.".formatted(directory.handOff()),
                        "`envctl up --recreate` makes the environment anew.")
                : lost(primary);
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

    /** The stream has ended although the environment is neither ready nor gone. */
    private EnvctlException lost(PrimaryRecord primary) {
        var broken = new PrimaryClient(primary).broken();
        if (broken.isPresent()) {
            return broken(broken.get());
        }
        if (new PrimaryClient(primary).state().filter(state -> !state.stays()).isPresent()) {
            return new EnvctlException(
                    FailureKind.FAILED,
                    "The environment was removed as soon as it was ready.",
                    "Run `envctl up` again.");
        }
        return staysAlive(primary)
                ? silent(primary)
                : new EnvctlException(
                        FailureKind.FAILED,
                        "The primary (pid %d) ended before the environment was ready.".formatted(primary.pid()),
                        "Run `envctl up` again, or `envctl down` to remove what it left. Its log is %s."
                                .formatted(directory.primaryLog()),
                        lastWords(),
                        null);
    }

    private static EnvctlException silent(PrimaryRecord primary) {
        return new EnvctlException(
                FailureKind.TIMEOUT,
                "The primary (pid %d) lives but does not answer.".formatted(primary.pid()),
                "Look again with `envctl status`; if it hangs, end it with `kill -9 %d` and run `envctl down`."
                        .formatted(primary.pid()));
    }

    /**
     * Ends the environment, whoever made it: asks the primary to, or, where it is gone or dies on the way, removes what it
     * left.
     *
     * @return whether there was anything
     */
    public boolean down(EngineChoice engine, Timeouts limits, String reason) {
        return down(engine, limits, reason, primary -> true);
    }

    /**
     * Ends the environment of this primary, or removes what it left.
     *
     * @throws EnvctlException NOT_OWNER where another one has taken over: nothing of that one is changed
     */
    public void downOf(PrimaryRecord primary, EngineChoice engine, Timeouts limits, String reason) {
        down(engine, limits, reason, found -> found.pid() == primary.pid());
    }

    private boolean down(EngineChoice engine, Timeouts limits, String reason, Predicate<PrimaryRecord> which) {
        ending = true;
        var any = false;
        while (true) {
            var owner = owner(reason, which);
            if (owner.lock().isPresent()) {
                return removeRemains(owner.lock().get(), engine, limits, reason) || any;
            }
            if (owner.primary().filter(this::endedInOrder).isPresent()) {
                return true;
            }
            any = true;
        }
    }

    /**
     * Removes what a primary left that was killed; changes nothing where another one has taken over.
     *
     * @param pid that of the killed primary
     */
    public void reap(long pid, EngineChoice engine, Timeouts limits) {
        var lock = lockFile.tryPrimary();
        if (lock.isEmpty()) {
            return;
        }
        if (PrimaryRecord.read(directory.primary())
                .filter(record -> record.pid() != pid)
                .isPresent()) {
            lockFile.release(lock.get());
            return;
        }
        removeRemains(
                lock.get(), engine, limits, "its primary (pid %d) was killed, and no owner was left".formatted(pid));
    }

    /**
     * Removes what is left where there is no primary.
     *
     * @return false where there is one: then nothing was changed
     */
    boolean collect(EngineChoice engine, Timeouts limits, String reason) {
        var lock = lockFile.tryPrimary();
        lock.ifPresent(held -> removeRemains(held, engine, limits, reason));
        return lock.isPresent();
    }

    /** Either the lock is ours now, or a primary has agreed to remove everything. */
    private record Owner(Optional<FileLock> lock, Optional<PrimaryRecord> primary) {}

    private Owner owner(String reason, Predicate<PrimaryRecord> which) {
        return tools.waits()
                .until("the lock %s".formatted(directory.lock()), Deadline.in(START_LIMIT), EVERY, why -> {}, () -> {
                    var lock = lockFile.tryPrimary();
                    if (lock.isPresent()) {
                        return Answer.ready(new Owner(lock, Optional.empty()));
                    }
                    var record = PrimaryRecord.read(directory.primary());
                    if (record.filter(which.negate()).isPresent()) {
                        return Answer.hopeless(takenOver(record.get()));
                    }
                    var agreed = record.filter(found -> asked(found, reason));
                    return agreed.isPresent()
                            ? Answer.ready(new Owner(Optional.empty(), agreed))
                            : Answer.notYet(holder());
                });
    }

    private static EnvctlException takenOver(PrimaryRecord primary) {
        return new EnvctlException(
                FailureKind.NOT_OWNER,
                "Another primary (pid %d, since %s) has taken the environment over."
                        .formatted(primary.pid(), primary.started()),
                "Let whoever ran `envctl up` run `envctl down`.");
    }

    private static boolean asked(PrimaryRecord primary, String reason) {
        try {
            new PrimaryClient(primary).down(reason);
            return true;
        } catch (EnvctlException e) {
            if (e.kind() == FailureKind.NOT_OWNER) {
                throw e;
            }
            // It ends or starts at this very moment, or hangs: whoever asks tries again.
            return false;
        }
    }

    private String holder() {
        return PrimaryRecord.read(directory.primary())
                .map(record -> "its primary (pid %1$d) does not answer; if it hangs, end it with `kill -9 %1$d`"
                        .formatted(record.pid()))
                .orElseGet(() -> "another process holds it and no primary.json says which: `fuser -v %s` does"
                        .formatted(directory.lock()));
    }

    private boolean removeRemains(FileLock lock, EngineChoice engine, Timeouts limits, String reason) {
        try {
            var abandoned = Files.exists(directory.primary());
            // It would tell others to ask somebody who is gone.
            EnvironmentDirectory.delete(directory.primary());
            progress.report(new Progress.Started("look for what is left"));
            var begun = System.nanoTime();
            var any = new RemainsOf(tools, directory, engine, new Timeline(), progress)
                    .remove(limits.engine(), limits.teardown());
            directory.clear();
            if (any || abandoned) {
                Ended.write(directory.timeline(), reason);
            }
            progress.report(new Progress.Finished(
                    "look for what is left", Progress.Outcome.OK, Duration.ofNanos(System.nanoTime() - begun)));
            return any || abandoned;
        } finally {
            lockFile.release(lock);
        }
    }

    /** False when the primary died before it was done. */
    private boolean endedInOrder(PrimaryRecord primary) {
        var departure = new Departure(progress);
        var told = new PrimaryClient(primary).follow(departure);
        if (departure.failure != null) {
            throw departure.failure;
        }
        // Who asks at the very end of a removal finds nobody who answers any more, and the lock not free yet.
        if (!told && staysAlive(primary)) {
            throw silent(primary);
        }
        if (told) {
            awaitFreed(primary, END_LIMIT);
        }
        return told;
    }

    private boolean staysAlive(PrimaryRecord primary) {
        try {
            awaitFreed(primary, END_LIMIT);
            return false;
        } catch (EnvctlException e) {
            if (e.kind() == FailureKind.TIMEOUT) {
                return true;
            }
            throw e;
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

    @Override
    public void close() {
        lockFile.close();
    }
}
