package dev.envctl.machine;

import dev.envctl.process.Programs;
import dev.envctl.spec.ClusterSpec.EngineChoice;
import java.nio.file.Path;
import java.util.List;

/** Says what this machine has and lacks, and how to mend it. Changes nothing, asks no network. */
public final class Doctor {
    private final Checklist checklist;

    /** @param cache envctl's cache directory; need not exist */
    public Doctor(Machine machine, Programs programs, Path cache) {
        this.checklist = new Checklist(machine, programs, cache);
    }

    /**
     * Looks at everything, usually within a second; a program that does not answer costs at most eleven.
     *
     * @param engine AUTO takes the first of Podman and Docker that nothing hinders, Docker first where
     *     KIND_EXPERIMENTAL_PROVIDER names it; where both are hindered it tells what Podman lacks
     * @param standIns whether to look also at what building stand-in images needs
     * @return the rows in the order to show them
     */
    public List<Row> examine(EngineChoice engine, boolean standIns) {
        return checklist.examine(engine, standIns).rows();
    }
}
