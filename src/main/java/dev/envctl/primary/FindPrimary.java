package dev.envctl.primary;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.Progress;
import dev.envctl.environment.Tools;
import dev.envctl.process.Background;
import dev.envctl.readiness.Answer;
import dev.envctl.readiness.Deadline;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Supplier;

/** Finds the primary that lives, or starts one: of many processes that do this at the same moment one does. */
final class FindPrimary {
    /** A second usually; a machine on which everything else runs too may take long. */
    private static final Duration START_LIMIT = Duration.ofMinutes(1);

    private static final Duration REMOVAL_LIMIT = Duration.ofMinutes(2);
    private static final String FIND = "find the primary";
    private static final String GOING_OR_COMING = "the environment is being removed, or its primary is starting";

    private final PrimarySeat seat;
    private final Tools tools;
    private final Progress progress;
    private final boolean mayReplace;
    private boolean replacing;
    private boolean told;

    /** @param mayReplace whether an environment that is broken for good may be removed, to be made anew */
    FindPrimary(PrimarySeat seat, Tools tools, Progress progress, boolean mayReplace) {
        this.seat = seat;
        this.tools = tools;
        this.progress = progress;
        this.mayReplace = mayReplace;
    }

    Follower.Found run(Starting starting) {
        return await(() -> tryFindOrStart(starting));
    }

    /** See {@link Follower#find}. */
    Optional<Follower.Found> find() {
        return await(() -> {
            if (!seat.taken()) {
                return Answer.ready(Optional.empty());
            }
            var living = living();
            if (living instanceof Answer.Ready<Follower.Found> ready) {
                return Answer.ready(Optional.of(ready.value()));
            }
            return living instanceof Answer.Hopeless<Follower.Found> hopeless
                    ? Answer.hopeless(hopeless.failure())
                    : Answer.notYet(((Answer.NotYet<Follower.Found>) living).reason());
        });
    }

    private <T> T await(Supplier<Answer<T>> question) {
        progress.report(new Progress.Started(FIND));
        var begun = System.nanoTime();
        // Long enough for a removal that is under way to end first.
        var found = tools.waits()
                .until("the primary", Deadline.in(REMOVAL_LIMIT), PrimarySeat.EVERY, this::finding, question);
        progress.report(new Progress.Finished(FIND, Progress.Outcome.OK, Duration.ofNanos(System.nanoTime() - begun)));
        return found;
    }

    private void finding(String reason) {
        progress.waiting(FIND, reason);
    }

    private Answer<Follower.Found> tryFindOrStart(Starting starting) {
        if (seat.taken()) {
            return living();
        }
        var starter = seat.tryStarter();
        if (starter.isEmpty()) {
            return Answer.notYet("another process is starting it");
        }
        try {
            // Another starter may have succeeded between our two questions.
            return seat.taken()
                    ? Answer.notYet("another process has started it")
                    : start(starting)
                            .<Answer<Follower.Found>>map(Answer::ready)
                            .orElseGet(() -> Answer.notYet(GOING_OR_COMING));
        } finally {
            seat.release(starter.get());
        }
    }

    private Answer<Follower.Found> living() {
        return seat.primary().map(this::found).orElseGet(() -> Answer.notYet(GOING_OR_COMING));
    }

    /** One whose environment is broken for good is asked to remove it, so that the next one makes it anew. */
    private Answer<Follower.Found> found(PrimaryRecord record) {
        var client = new PrimaryClient(record);
        var state = client.state();
        if (state.isEmpty()) {
            return Answer.notYet(seat.holder());
        }
        if (!state.get().stays()) {
            return Answer.notYet(GOING_OR_COMING);
        }
        var broken = client.broken();
        if (broken.isEmpty()) {
            return Answer.ready(new Follower.Found(record, false));
        }
        if (!broken.get().lasting()) {
            return Answer.hopeless(PrimaryFailures.broken(broken.get()));
        }
        if (!mayReplace) {
            return Answer.hopeless(PrimaryFailures.notReplaced(broken.get()));
        }
        if (!told) {
            told = true;
            progress.note("The environment is broken: %s. It is made anew."
                    .formatted(broken.get().reason()));
        }
        if (!replacing) {
            replacing = client.agreesToEnd("it was broken: " + broken.get().reason());
        }
        return Answer.notYet("the broken environment is being removed");
    }

    /** Empty where somebody was faster: who removes what a killed primary left, or an {@code up --foreground}. */
    private Optional<Follower.Found> start(Starting starting) {
        var started = tools.programs()
                .startDetached(starting.command(), seat.directory().primaryLog());
        try {
            var found = awaitAnswer(Deadline.in(START_LIMIT), started);
            started.leave();
            if (found.isEmpty()) {
                starting.inVain();
            }
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
                        .formatted(seat.directory().primaryLog()),
                seat.lastWords(),
                timeout);
    }

    private Optional<Follower.Found> awaitAnswer(Deadline deadline, Background started) {
        return tools.waits().until("the primary to answer", deadline, PrimarySeat.EVERY, this::finding, () -> {
            var record = seat.primary().filter(found -> found.pid() == started.pid());
            if (record.isPresent() && new PrimaryClient(record.get()).state().isPresent()) {
                return Answer.ready(Optional.of(new Follower.Found(record.get(), true)));
            }
            if (started.alive()) {
                return Answer.notYet("it does not answer yet");
            }
            return started.exitCode() == Primary.SOMEBODY_ELSE_IS
                    ? Answer.ready(Optional.empty())
                    : Answer.hopeless(new EnvctlException(
                            FailureKind.FAILED,
                            "The primary ended at once with exit code %d.".formatted(started.exitCode()),
                            "See %s. If it says nothing of this, check free space."
                                    .formatted(seat.directory().primaryLog()),
                            seat.lastWords(),
                            null));
        });
    }
}
