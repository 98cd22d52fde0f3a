package dev.envctl.client;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.Progress;
import dev.envctl.environment.HandOff;
import dev.envctl.primary.Follower;
import dev.envctl.primary.LifetimeLimits;
import dev.envctl.primary.PrimaryClient;
import dev.envctl.primary.PrimaryRecord;
import dev.envctl.process.Command;
import dev.envctl.process.KnownProcess;
import dev.envctl.spec.Durations;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Starts a primary, or finds the one that there is, and waits until its environment is ready. */
public final class MakeReady {
    private static final String OWNER = "--owner-pid";

    private final Installation installation;
    private final Request request;
    private final List<String> words;
    private final LifetimeLimits limits;
    private final Progress progress;
    private final Consumer<EnvctlException> failed;

    /**
     * Does nothing yet.
     *
     * @param words options of {@code up} that shape a creation and that the primary has to know too
     * @param failed told of a failure to take back what was begun, when a signal ends this process
     */
    public MakeReady(
            Installation installation,
            Request request,
            List<String> words,
            LifetimeLimits limits,
            Progress progress,
            Consumer<EnvctlException> failed) {
        this.installation = installation;
        this.request = request;
        this.words = List.copyOf(words);
        this.limits = limits;
        this.progress = progress;
        this.failed = failed;
    }

    /** A ready environment, and whether it was made for us. */
    public record Ready(HandOff handOff, Follower.Found found) {}

    /**
     * Whoever started a creation takes it back with Ctrl-C; whoever only waits for it just stops waiting.
     *
     * @return empty where a signal has come: it is told already, and the JVM exits with the signal's code
     */
    public Optional<Ready> run(Follower follower) {
        return run(follower, () -> {});
    }

    /**
     * The same for a process that ends soon afterwards.
     *
     * @param settled done when what was started here is ready, before a signal no longer takes it back: who ends by one without
     *     having taken it back would say that nothing is left
     */
    public Optional<Ready> run(Follower follower, Runnable settled) {
        var rollBack = new RollBack(this::primary, primary -> takeBack(follower, primary), progress);
        try (rollBack) {
            var found = follower.findOrStart(rollBack);
            rollBack.found(found);
            var ready = found.startedHere() ? handOff(follower, found) : attach(follower, found);
            if (found.startedHere()) {
                settled.run();
            }
            return rollBack.disarm() ? Optional.of(new Ready(ready, found)) : Optional.empty();
        } catch (EnvctlException e) {
            if (rollBack.begun()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private void takeBack(Follower follower, PrimaryRecord primary) {
        var spec = request.spec();
        try {
            follower.downOf(primary, spec.timeouts(), "`envctl up` was interrupted");
            progress.note("Environment %s is gone again.".formatted(spec.name()));
        } catch (EnvctlException e) {
            failed.accept(e);
        }
    }

    /** To a primary that somebody else has started: waits until its environment is ready. */
    public HandOff attach(Follower follower, Follower.Found found) {
        refuseDifference(request, found.record());
        prolong(request.spec().name(), found.record(), limits, progress);
        return handOff(follower, found);
    }

    /** A creation that is over is not told again to those who come later. */
    private HandOff handOff(Follower follower, Follower.Found found) {
        return found.record().handOff(request.directory()).orElseGet(() -> follower.awaitReady(found.record()));
    }

    /** Tells the primary of an environment that is there already for how long we want it. */
    public static void prolong(String name, PrimaryRecord primary, LifetimeLimits limits, Progress progress) {
        if (limits.any()) {
            var without = new ArrayList<>(new PrimaryClient(primary).prolong(limits));
            if (limits.owners().equals(List.of(KnownProcess.self()))) {
                // Nobody has asked for that in words.
                without.remove(OWNER);
            }
            if (!without.isEmpty()) {
                progress.note("%s had no effect: environment %s stays longer anyway."
                        .formatted(String.join(", ", without), name));
            }
        }
    }

    /**
     * Attaches only to what was asked for.
     *
     * @throws EnvctlException USAGE where what runs was made from other settings
     */
    public static void refuseDifference(Request request, PrimaryRecord running) {
        var differences = request.fingerprint().differences(running.fingerprint());
        if (!differences.isEmpty()) {
            throw new EnvctlException(
                    FailureKind.USAGE,
                    "Environment %s runs already (primary pid %d), made from other settings. Nothing was changed."
                            .formatted(request.spec().name(), running.pid()),
                    "`envctl up --recreate` removes it and makes it anew.",
                    differences,
                    null);
        }
    }

    private Command primary() {
        var line = new ArrayList<String>();
        line.add("primary");
        line.addAll(List.of("--environment", request.spec().name(), "--progress", "plain", "--color", "never"));
        line.addAll(words);
        line.addAll(words(limits));
        return installation.command(line).in(request.project());
    }

    private static List<String> words(LifetimeLimits limits) {
        var words = new ArrayList<String>();
        var ttl = limits.ttl();
        if (ttl != null) {
            words.addAll(List.of("--ttl", Durations.format(ttl)));
        }
        var idle = limits.idle();
        if (idle != null) {
            words.addAll(List.of("--idle", Durations.format(idle)));
        }
        limits.owners().forEach(owner -> words.addAll(List.of(OWNER, owner.toString())));
        if (limits.ephemeral()) {
            words.add("--ephemeral");
        }
        return words;
    }
}
