package dev.envctl.environment;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.Progress;
import dev.envctl.engine.Engine;
import java.time.Duration;
import java.util.function.Consumer;

/** All that exists of an environment, and its end. Only whoever holds the lock of the environment may touch them. */
public final class RemainsOf {
    private final Tools tools;
    private final EnvironmentDirectory directory;
    private final Timeline timeline;
    private final Progress progress;
    private final Consumer<String> claim;

    /**
     * Looks at nothing yet.
     *
     * @param claim told the id of each cluster before anything of it is touched; fails where it is somebody else's
     */
    public RemainsOf(
            Tools tools, EnvironmentDirectory directory, Timeline timeline, Progress progress, Consumer<String> claim) {
        this.tools = tools;
        this.directory = directory;
        this.timeline = timeline;
        this.progress = progress;
        this.claim = claim;
    }

    /**
     * Removes it, files last: as long as something is left, the journal that names it stays.
     *
     * @param callLimit for one answer of an engine
     * @return whether there was anything
     */
    public boolean remove(Duration callLimit, Duration limit) {
        var past = Past.read(directory);
        past.ifPresent(known -> claim.accept(known.identity().id()));
        withdraw();
        EnvironmentDirectory.privateDirectory(directory.scratch());
        var any = past.isPresent() ? removed(past.get(), callLimit, limit) : removedByLabels(callLimit, limit);
        directory.forget();
        return any;
    }

    private boolean removed(Past past, Duration callLimit, Duration limit) {
        try (var engine = tools.engines().find(past.engine(), callLimit, directory.scratch())) {
            var any = new Removal(engine, tools.leftovers(), directory, tools.waits(), progress, timeline)
                    .run(past, claim, limit);
            if (!any) {
                warnOfAnotherEngine(past, engine);
            }
            return any;
        }
    }

    /** No journal names the engine: all are asked. */
    private boolean removedByLabels(Duration callLimit, Duration limit) {
        try (var clusters = LostClusters.on(tools, callLimit, directory.scratch())) {
            return clusters.removeOf(directory, claim, limit, progress, timeline);
        } catch (EnvctlException e) {
            // Without a journal nothing was begun, and without an engine nothing can exist.
            if (e.kind() == FailureKind.PREREQUISITE) {
                return false;
            }
            throw e;
        }
    }

    /** Where no file can be deleted, what it tells of must go all the more; that it is still there is told at the end. */
    private void withdraw() {
        try {
            directory.withdraw();
        } catch (EnvctlException e) {
            progress.warn(e.problem());
        }
    }

    /** Nothing found is no proof where the engine is not the one that was used. */
    private void warnOfAnotherEngine(Past past, Engine found) {
        if (past.begun() && !past.address().isEmpty() && !past.address().equals(found.address())) {
            progress.warn(
                    "%s at %s has nothing of cluster %s, which was made at %s. If that is another engine, look there for what is left."
                            .formatted(
                                    found.kind(),
                                    found.address(),
                                    past.identity().cluster(),
                                    past.address()));
        }
    }
}
