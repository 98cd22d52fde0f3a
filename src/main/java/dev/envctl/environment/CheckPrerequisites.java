package dev.envctl.environment;

import dev.envctl.Progress;
import dev.envctl.engine.Engine;
import dev.envctl.kubernetes.ManifestFiles;
import dev.envctl.machine.HostMemory;
import dev.envctl.machine.Prerequisites;
import dev.envctl.service.PostgresLeases;
import dev.envctl.spec.CapacityPlan;
import java.util.function.Consumer;

/**
 * Makes sure that nothing is missing, that nothing is left of an earlier environment, and that the user's own files can be read,
 * before anything is made; and opens the journal with who we are.
 */
final class CheckPrerequisites {
    private final Making making;
    private final Consumer<String> claim;

    /** @param claim see {@link RemainsOf} */
    CheckPrerequisites(Making making, Consumer<String> claim) {
        this.making = making;
        this.claim = claim;
    }

    Engine run(PhaseRun run) {
        making.spec().manifests().forEach(manifest -> ManifestFiles.read(manifest.path()));
        making.spec().postgres().ifPresent(PostgresLeases::requireReadable);
        var tools = making.tools();
        HostMemory.of(tools.machine()).ifPresent(memory -> MemoryRoom.require(making.spec(), memory));
        CapacityPlan.doubts(making.spec()).forEach(run.progress()::warn);
        var met = new Prerequisites(
                        tools.machine(), tools.programs(), tools.cache().path())
                .check(making.spec().cluster().engine());
        met.advice()
                .forEach(row -> run.progress()
                        .warn("%s: %s".formatted(row.title(), row.outcome().text())));
        var engine = tools.engines()
                .find(
                        met.engine(),
                        making.spec().timeouts().engine(),
                        making.directory().scratch());
        try {
            run.note("Using %s %s at %s.".formatted(engine.kind(), engine.version(), engine.address()));
            removeRemains(engine, run.progress());
            making.journal()
                    .begin(
                            making.identity(),
                            making.directory(),
                            engine.kind().program(),
                            engine.address(),
                            making.madeFrom());
            return engine;
        } catch (RuntimeException e) {
            engine.close();
            throw e;
        }
    }

    /** No other engine is asked: nobody who uses this one should have to wait for it. */
    private void removeRemains(Engine engine, Progress progress) {
        var limit = making.spec().timeouts().teardown();
        try (var clusters = LostClusters.on(engine, making.tools())) {
            clusters.removeOf(making.directory(), claim, limit, progress, new Timeline());
        }
    }
}
