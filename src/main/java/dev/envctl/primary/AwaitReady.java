package dev.envctl.primary;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.Progress;
import dev.envctl.environment.HandOff;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Follows what a primary says of a creation, to its end. */
final class AwaitReady {
    private final PrimarySeat seat;
    private final PrimaryRecord primary;

    AwaitReady(PrimarySeat seat, PrimaryRecord primary) {
        this.seat = seat;
        this.primary = primary;
    }

    /** @throws EnvctlException the creation's own failure, or that the primary died */
    HandOff run(Progress progress) {
        var creation = new Creation(progress);
        var told = new Following(seat, primary).run(creation);
        var failure = creation.failure;
        if (failure != null) {
            // With --keep-on-failure the primary stays, to be looked at.
            if (creation.state != State.FAILED) {
                seat.awaitFreed(primary);
            }
            throw failure;
        }
        if (!told) {
            throw lost();
        }
        return primary.handOff(seat.directory()).orElseThrow(this::withoutHandOff);
    }

    private EnvctlException withoutHandOff() {
        return new PrimaryClient(primary).state().filter(State.READY::equals).isPresent()
                ? new EnvctlException(
                        FailureKind.FAILED,
                        "The environment is ready, but %s is gone or damaged."
                                .formatted(seat.directory().handOff()),
                        "`envctl up --recreate` makes the environment anew.")
                : lost();
    }

    /** The stream has ended although the environment is neither ready nor gone. */
    private EnvctlException lost() {
        var broken = new PrimaryClient(primary).broken();
        if (broken.isPresent()) {
            return PrimaryFailures.broken(broken.get());
        }
        if (new PrimaryClient(primary).state().filter(state -> !state.stays()).isPresent()) {
            return new EnvctlException(
                    FailureKind.FAILED,
                    "The environment was removed as soon as it was ready.",
                    "Run `envctl up` again.");
        }
        return seat.staysTaken(primary)
                ? PrimaryFailures.silent(primary)
                : new EnvctlException(
                        FailureKind.FAILED,
                        "The primary (pid %d) ended before the environment was ready.".formatted(primary.pid()),
                        "Run `envctl up` again, or `envctl down` to remove what it left. Its log is %s."
                                .formatted(seat.directory().primaryLog()),
                        seat.lastWords(),
                        null);
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
}
