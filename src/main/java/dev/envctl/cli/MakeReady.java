package dev.envctl.cli;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.environment.HandOff;
import dev.envctl.primary.Follower;
import dev.envctl.primary.LifetimeLimits;
import dev.envctl.primary.PrimaryClient;
import dev.envctl.primary.PrimaryRecord;
import dev.envctl.process.Command;
import dev.envctl.process.OwnProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Starts a primary, or finds the one that there is, and waits until its environment is ready. */
final class MakeReady {
    private final Request request;
    private final UpOptions options;
    private final LifetimeLimits limits;
    private final ProgressView view;

    MakeReady(Request request, UpOptions options, LifetimeLimits limits, ProgressView view) {
        this.request = request;
        this.options = options;
        this.limits = limits;
        this.view = view;
    }

    /** A ready environment, and whether it was made for us. */
    record Ready(HandOff handOff, Follower.Found found) {}

    /**
     * Whoever started a creation takes it back with Ctrl-C; whoever only waits for it just stops waiting.
     *
     * @return empty where a signal has come: it is told already, and the JVM exits with the signal's code
     */
    Optional<Ready> run(Follower follower) {
        var rollBack = new RollBack(follower, request, view);
        try (rollBack) {
            var found = follower.findOrStart(() -> {
                rollBack.starting();
                return primary();
            });
            rollBack.found(found);
            if (!found.startedHere()) {
                refuseDifference(request, found.record());
                prolong(request.spec().name(), found.record(), limits, view);
            }
            var ready = follower.awaitReady(found.record());
            return rollBack.begun() ? Optional.empty() : Optional.of(new Ready(ready, found));
        } catch (EnvctlException e) {
            if (rollBack.begun()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** Tells the primary of an environment that is there already for how long we want it. */
    static void prolong(String name, PrimaryRecord primary, LifetimeLimits limits, ProgressView view) {
        if (limits.any()) {
            var without = new PrimaryClient(primary).prolong(limits);
            if (!without.isEmpty()) {
                view.note("%s had no effect: environment %s stays longer anyway."
                        .formatted(String.join(", ", without), name));
            }
        }
    }

    /** @throws EnvctlException USAGE where what runs was made from other settings */
    static void refuseDifference(Request request, PrimaryRecord running) {
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
        var words = new ArrayList<String>();
        words.add("primary");
        words.addAll(List.of("--environment", request.spec().name(), "--progress", "plain", "--color", "never"));
        words.addAll(options.words());
        words.addAll(LifetimeOptions.words(limits));
        return OwnProcess.again(Main.class.getName(), words);
    }
}
