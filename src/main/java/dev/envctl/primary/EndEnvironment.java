package dev.envctl.primary;

import dev.envctl.EnvctlException;
import dev.envctl.Progress;
import dev.envctl.environment.Ended;
import dev.envctl.environment.EnvironmentDirectory;
import dev.envctl.environment.Past;
import dev.envctl.environment.RemainsOf;
import dev.envctl.environment.Timeline;
import dev.envctl.environment.Tools;
import dev.envctl.readiness.Answer;
import dev.envctl.readiness.Deadline;
import dev.envctl.spec.Timeouts;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Ends an environment from outside: asks its primary to, or removes what a dead one left. */
final class EndEnvironment {
    private static final Duration AGREEMENT_LIMIT = Duration.ofMinutes(1);
    private static final String LOOK = "look for what is left";

    private final PrimarySeat seat;
    private final Tools tools;
    private final Progress progress;

    EndEnvironment(PrimarySeat seat, Tools tools, Progress progress) {
        this.seat = seat;
        this.tools = tools;
        this.progress = progress;
    }

    /**
     * See {@link Follower#down}.
     *
     * @param which the primary that may be asked
     * @throws EnvctlException NOT_OWNER where it is another one
     */
    boolean run(Timeouts limits, String reason, Predicate<PrimaryRecord> which) {
        var any = false;
        while (true) {
            var owner = owner(reason, which);
            if (owner.lock().isPresent()) {
                return removeRemains(owner.lock().get(), limits, reason) || any;
            }
            if (owner.primary().filter(this::endedInOrder).isPresent()) {
                return true;
            }
            any = true;
        }
    }

    /** See {@link Follower#reap}. */
    void reap(long pid, Timeouts limits) {
        var lock = Briefly.again(tools.waits(), seat::tryTake);
        var another = PrimaryRecord.read(seat.directory().primary()).filter(record -> record.pid() != pid);
        if (lock.isEmpty()) {
            if (another.isEmpty()) {
                throw PrimaryFailures.locked(seat.directory());
            }
            return;
        }
        if (another.isPresent()) {
            seat.release(lock.get());
            return;
        }
        removeRemains(lock.get(), limits, "its primary (pid %d) was killed, and no owner was left".formatted(pid));
    }

    /** See {@link Follower#collect}. */
    boolean collect(Timeouts limits, String reason, OwnedClusters owned) {
        var lock = Briefly.again(tools.waits(), seat::tryTake);
        lock.ifPresent(held -> removeRemains(held, limits, reason, owned));
        return lock.isPresent();
    }

    /** Either the lock is ours now, or a primary has agreed to remove everything. */
    private record Owner(Optional<FileLock> lock, Optional<PrimaryRecord> primary) {}

    private Owner owner(String reason, Predicate<PrimaryRecord> which) {
        return tools.waits()
                .until(
                        "the lock %s".formatted(seat.directory().lock()),
                        Deadline.in(AGREEMENT_LIMIT),
                        PrimarySeat.EVERY,
                        why -> {},
                        () -> {
                            var lock = seat.tryTake();
                            if (lock.isPresent()) {
                                return Answer.ready(new Owner(lock, Optional.empty()));
                            }
                            var record = PrimaryRecord.read(seat.directory().primary());
                            if (record.filter(which.negate()).isPresent()) {
                                return Answer.hopeless(PrimaryFailures.takenOver(record.get()));
                            }
                            var agreed = record.filter(found -> new PrimaryClient(found).agreesToEnd(reason));
                            return agreed.isPresent()
                                    ? Answer.ready(new Owner(Optional.empty(), agreed))
                                    : Answer.notYet(seat.holder());
                        });
    }

    private boolean removeRemains(FileLock lock, Timeouts limits, String reason) {
        try (var owned = new OwnedClusters(tools.machine(), tools.cache())) {
            return removeRemains(lock, limits, reason, owned);
        }
    }

    /** Nothing of a cluster whose primary lives, wherever its folder was moved or copied to. */
    private boolean removeRemains(FileLock lock, Timeouts limits, String reason, OwnedClusters owned) {
        try {
            Past.read(seat.directory())
                    .ifPresent(past -> owned.hold(past.identity().id(), tools.waits()));
            var abandoned = Files.exists(seat.directory().primary());
            // It would tell others to ask somebody who is gone.
            EnvironmentDirectory.delete(seat.directory().primary());
            progress.report(new Progress.Started(LOOK));
            var begun = System.nanoTime();
            var any = new RemainsOf(
                            tools, seat.directory(), new Timeline(), progress, id -> owned.hold(id, tools.waits()))
                    .remove(limits.engine(), limits.teardown());
            seat.directory().clear();
            if (any || abandoned) {
                Ended.write(seat.directory().timeline(), reason);
            }
            progress.report(
                    new Progress.Finished(LOOK, Progress.Outcome.OK, Duration.ofNanos(System.nanoTime() - begun)));
            return any || abandoned;
        } finally {
            seat.release(lock);
        }
    }

    /** False when the primary died before it was done. */
    private boolean endedInOrder(PrimaryRecord primary) {
        var departure = new Departure(progress);
        var told = new Following(seat, primary).run(departure);
        if (departure.failure != null) {
            throw departure.failure;
        }
        // Who asks at the very end of a removal finds nobody who answers any more, and the lock not free yet.
        if (!told && seat.staysTaken(primary)) {
            throw PrimaryFailures.silent(primary);
        }
        if (told) {
            seat.awaitFreed(primary);
        }
        return told;
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
}
