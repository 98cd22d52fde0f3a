package dev.envctl.machine;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.Progress;
import dev.envctl.machine.Examination.Examined;
import dev.envctl.process.Programs;
import dev.envctl.readiness.Deadline;
import dev.envctl.readiness.Wait;
import dev.envctl.spec.ClusterSpec.EngineChoice;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Mends what this machine lacks. Keeps no state of its own: what is to do is read from the machine each time, so that it
 * can be run again, also after it was interrupted, and does nothing where nothing is lacking.
 */
public final class Setup {
    private final Machine machine;
    private final Programs programs;
    private final Path cache;
    private final EngineChoice engine;
    private final boolean standIns;
    private final boolean offline;
    private final Wait wait;

    /**
     * @param cache envctl's cache directory; made if need be
     * @param standIns whether stand-in images are to be built, so that the tools for it are needed too
     * @param offline whether what is only advised, and would be fetched, is passed over
     */
    public Setup(
            Machine machine, Programs programs, Path cache, EngineChoice engine, boolean standIns, boolean offline) {
        this(machine, programs, cache, engine, standIns, offline, new Wait());
    }

    Setup(
            Machine machine,
            Programs programs,
            Path cache,
            EngineChoice engine,
            boolean standIns,
            boolean offline,
            Wait wait) {
        this.machine = machine;
        this.programs = programs;
        this.cache = cache;
        this.engine = engine;
        this.standIns = standIns;
        this.offline = offline;
        this.wait = wait;
    }

    /** What {@link #run} would do now. Changes nothing. */
    public Plan plan() {
        var examined = examine();
        var steps = mends(examined).keySet().stream()
                .map(mend -> new Step(mend.sentence(), mend.estimate(), mend.needsNetwork()))
                .toList();
        var byHand = examined.stream()
                .filter(answer -> answer.verdict().mends().isEmpty())
                .map(Examined::row)
                .filter(row -> row.outcome().isTrouble())
                .toList();
        return new Plan(steps, byHand);
    }

    /**
     * Does all that can be done; asks nothing. Trouble with what is only advised is warned of and passed over.
     *
     * @param log sees the commands that are run and every line they write
     * @param deadline bounds all of it, waiting for locks included
     * @return how the machine stands afterwards
     * @throws EnvctlException PREREQUISITE with the commands for what only the user can do; FAILED where a step that is
     *     needed failed; TIMEOUT where the deadline passed
     */
    public List<Row> run(Progress progress, Consumer<String> log, Deadline deadline) {
        try (var lock = SetupLock.take(cache, wait, deadline, progress)) {
            log.accept("holding " + lock.file());
            return runLocked(new Workshop(machine, programs, wait, deadline, progress, log));
        }
    }

    private List<Row> runLocked(Workshop workshop) {
        var done = new HashSet<Mend>();
        while (true) {
            var examined = examine();
            var next = mends(examined).entrySet().stream()
                    .filter(mend -> !done.contains(mend.getKey()))
                    .findFirst();
            if (next.isEmpty()) {
                var rows = examined.stream().map(Examined::row).toList();
                if (rows.stream().anyMatch(Row::isBlocking)) {
                    throw Prerequisites.failure(rows);
                }
                return rows;
            }
            done.add(next.get().getKey());
            perform(next.get().getKey(), next.get().getValue(), workshop);
        }
    }

    private static void perform(Mend mend, boolean required, Workshop workshop) {
        var progress = workshop.progress();
        var started = System.nanoTime();
        progress.report(new Progress.Started(mend.phase()));
        try {
            mend.perform(workshop);
            progress.report(finished(mend, Progress.Outcome.OK, started));
        } catch (EnvctlException e) {
            var cancelled = e.kind() == FailureKind.INTERRUPTED;
            progress.report(finished(mend, cancelled ? Progress.Outcome.CANCELLED : Progress.Outcome.FAILED, started));
            if (required || cancelled || e.kind() == FailureKind.TIMEOUT) {
                throw e;
            }
            progress.warn(e.problem() + " " + e.remedy());
        }
    }

    private static Progress.Finished finished(Mend mend, Progress.Outcome outcome, long started) {
        return new Progress.Finished(mend.phase(), outcome, Duration.ofNanos(System.nanoTime() - started));
    }

    private List<Examined> examine() {
        return new Checklist(machine, programs, cache).examine(engine, standIns).examined();
    }

    /** What there is to do, all packages in one go, and whether it must succeed. */
    private Map<Mend, Boolean> mends(List<Examined> examined) {
        var packages = new ArrayList<InstallPackages>();
        var packagesRequired = false;
        Map<Mend, Boolean> others = new LinkedHashMap<>();
        for (var answer : examined) {
            var required = answer.check().need().isRequired();
            for (var mend : answer.verdict().mends()) {
                if (offline && mend.needsNetwork() && !required) {
                    continue;
                }
                if (mend instanceof InstallPackages some) {
                    packages.add(some);
                    packagesRequired |= required;
                } else {
                    others.merge(mend, required, Boolean::logicalOr);
                }
            }
        }
        Map<Mend, Boolean> all = new LinkedHashMap<>();
        var together = packages.stream().reduce(InstallPackages::and);
        if (together.isPresent()) {
            all.put(together.get(), packagesRequired);
        }
        all.putAll(others);
        return all;
    }
}
