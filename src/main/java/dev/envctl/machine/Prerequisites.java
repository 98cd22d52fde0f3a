package dev.envctl.machine;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.process.Programs;
import dev.envctl.spec.ClusterSpec.EngineChoice;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Makes sure, before anything is created, that nothing it takes is missing. */
public final class Prerequisites {
    /**
     * What is there.
     *
     * @param engine the engine to use, never AUTO
     * @param advice trouble that does not keep an environment from starting
     */
    public record Met(EngineChoice engine, List<Row> advice) {
        public Met {
            advice = List.copyOf(advice);
        }
    }

    private final Machine machine;
    private final Programs programs;
    private final Path cache;

    /** @param cache envctl's cache directory; need not exist */
    public Prerequisites(Machine machine, Programs programs, Path cache) {
        this.machine = machine;
        this.programs = programs;
        this.cache = cache;
    }

    /**
     * Looks at what an environment needs; takes about a tenth of a second and asks no network.
     *
     * @throws EnvctlException PREREQUISITE with all that is missing, each with the commands that mend it
     */
    public Met check(EngineChoice engine) {
        var result = new Checklist(machine, programs, cache).examine(engine, false);
        var rows = result.rows();
        if (rows.stream().anyMatch(Row::isBlocking)) {
            throw failure(rows);
        }
        return new Met(
                result.engine(),
                rows.stream().filter(row -> row.outcome().isTrouble()).toList());
    }

    /** The failure that tells all blocking rows, each with its commands. */
    static EnvctlException failure(List<Row> rows) {
        var blocking = rows.stream().filter(Row::isBlocking).toList();
        var titles = blocking.stream().map(Row::title).distinct().collect(Collectors.joining(", "));
        var details = new ArrayList<String>();
        var told = rows.stream()
                .filter(row -> row.isBlocking() || row.title().equals(DockerInstead.TITLE))
                .toList();
        for (var row : told) {
            details.add("%s: %s".formatted(row.title(), row.outcome().text()));
            row.outcome().commands().forEach(command -> details.add("    " + command));
        }
        return new EnvctlException(
                FailureKind.PREREQUISITE,
                "This machine is not ready for environments yet: %s.".formatted(titles),
                remedy(blocking),
                details,
                null);
    }

    private static String remedy(List<Row> blocking) {
        var mendable = blocking.stream().filter(row -> row.mend().isPresent()).count();
        if (mendable == 0) {
            return "Run the commands shown, then try again; `envctl doctor` shows all checks.";
        }
        return mendable == blocking.size()
                ? "Run `envctl setup` (or `envctl up --setup`), which does this for you."
                : "Run `envctl setup` (or `envctl up --setup`), which does a part, and the other commands by hand.";
    }
}
