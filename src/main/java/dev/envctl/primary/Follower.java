package dev.envctl.primary;

import dev.envctl.EnvctlException;
import dev.envctl.Progress;
import dev.envctl.environment.EnvironmentDirectory;
import dev.envctl.environment.HandOff;
import dev.envctl.environment.Tools;
import dev.envctl.spec.Timeouts;
import java.util.Optional;

/**
 * The other side of a primary: finds it, starts it where there is none, follows what it says, and asks for its end. What
 * {@code up} and {@code down} do.
 */
public final class Follower implements AutoCloseable {
    private final PrimarySeat seat;
    private final Progress progress;
    private final FindPrimary finding;
    private final EndEnvironment end;
    private volatile boolean ending;

    public Follower(EnvironmentDirectory directory, Tools tools, Progress progress) {
        this(directory, tools, progress, true);
    }

    /** @param mayReplace whether an environment that is broken for good may be removed, to be made anew: not by a worker */
    public Follower(EnvironmentDirectory directory, Tools tools, Progress progress, boolean mayReplace) {
        this.progress = progress;
        this.seat = PrimarySeat.of(directory, tools);
        this.finding = new FindPrimary(seat, tools, progress, mayReplace);
        this.end = new EndEnvironment(seat, tools, progress);
    }

    /** The primary that lives now. */
    public Optional<PrimaryRecord> primary() {
        return seat.primary();
    }

    /** A primary, and whether it was this process that started it. */
    public record Found(PrimaryRecord record, boolean startedHere) {}

    /**
     * The primary that lives, or a new one. Of many processes that call this at the same moment one starts it.
     */
    public Found findOrStart(Starting starting) {
        return finding.run(starting);
    }

    /** The primary that lives and stays; empty where there is none, once a removal that is under way has ended. */
    public Optional<Found> find() {
        return finding.find();
    }

    /**
     * Follows a creation to its end.
     *
     * @throws EnvctlException the creation's own failure, or that the primary died
     */
    public HandOff awaitReady(PrimaryRecord primary) {
        // Who ends it in the middle follows the removal on a stream of his own.
        return new AwaitReady(seat, primary).run(event -> {
            if (!ending) {
                progress.report(event);
            }
        });
    }

    /**
     * Ends the environment, whoever made it: asks the primary to, or, where it is gone or dies on the way, removes what it
     * left.
     *
     * @return whether there was anything
     */
    public boolean down(Timeouts limits, String reason) {
        ending = true;
        return end.run(limits, reason, primary -> true);
    }

    /**
     * Ends the environment of this primary, or removes what it left.
     *
     * @throws EnvctlException NOT_OWNER where another one has taken over: nothing of that one is changed
     */
    public void downOf(PrimaryRecord primary, Timeouts limits, String reason) {
        ending = true;
        end.run(limits, reason, found -> found.pid() == primary.pid());
    }

    /**
     * Removes what a primary left that was killed; changes nothing where another one has taken over.
     *
     * @param pid that of the killed primary
     */
    public void reap(long pid, Timeouts limits) {
        end.reap(pid, limits);
    }

    /**
     * Removes what is left where there is no primary.
     *
     * @param owned this process's one
     * @return false where there is one: then nothing was changed
     */
    boolean collect(Timeouts limits, String reason, OwnedClusters owned) {
        return end.collect(limits, reason, owned);
    }

    @Override
    public void close() {
        seat.close();
    }
}
