package dev.envctl.environment;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.Progress;
import dev.envctl.engine.Engine;
import dev.envctl.spec.ClusterSpec.EngineChoice;
import java.time.Duration;
import java.util.function.Consumer;

/** All that exists of an environment, and its end. Only whoever holds the lock of the environment may touch them. */
public final class RemainsOf {
    private final Tools tools;
    private final EnvironmentDirectory directory;
    private final EngineChoice engine;
    private final Timeline timeline;
    private final Progress progress;
    private final Consumer<String> claim;

    /**
     * Looks at nothing yet.
     *
     * @param engine where to look when no journal names the engine
     * @param claim told the id of each cluster before anything of it is touched; fails where it is somebody else's
     */
    public RemainsOf(
            Tools tools,
            EnvironmentDirectory directory,
            EngineChoice engine,
            Timeline timeline,
            Progress progress,
            Consumer<String> claim) {
        this.tools = tools;
        this.directory = directory;
        this.engine = engine;
        this.timeline = timeline;
        this.progress = progress;
        this.claim = claim;
    }

    /**
     * Removes it, files last: as long as something is left, the journal that names it stays.
     *
     * @param callLimit for one answer of the engine
     * @return whether there was anything
     */
    public boolean remove(Duration callLimit, Duration limit) {
        var past = Past.read(directory);
        past.ifPresent(known -> claim.accept(known.identity().id()));
        withdraw();
        EnvironmentDirectory.privateDirectory(directory.scratch());
        try (var found = tools.engines().find(past.map(Past::engine).orElse(engine), callLimit, directory.scratch())) {
            var any = new Removal(found, tools.leftovers(), directory, tools.waits(), progress, timeline)
                    .run(past, claim, limit);
            if (!any) {
                past.ifPresent(known -> warnOfAnotherEngine(known, found));
            }
            directory.forget();
            return any;
        } catch (EnvctlException e) {
            // Without a journal nothing was begun, and without an engine nothing can exist.
            if (past.isEmpty() && e.kind() == FailureKind.PREREQUISITE) {
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
