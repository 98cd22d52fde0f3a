package dev.envctl.environment;

import dev.envctl.engine.Engine;
import dev.envctl.kubernetes.ManifestFiles;
import dev.envctl.machine.HostMemory;
import dev.envctl.machine.Prerequisites;
import dev.envctl.service.PostgresLeases;
import dev.envctl.spec.CapacityPlan;

/**
 * Makes sure that nothing is missing, that nothing is left of an earlier environment, and that the user's own files can be read,
 * before anything is made; and opens the journal with who we are.
 */
final class CheckPrerequisites {
    private final Making making;
    private final Unrecorded unrecorded;

    CheckPrerequisites(Making making, Unrecorded unrecorded) {
        this.making = making;
        this.unrecorded = unrecorded;
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
            unrecorded.remove(engine, run.progress());
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
}
