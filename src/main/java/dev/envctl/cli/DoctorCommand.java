package dev.envctl.cli;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.envctl.FailureKind;
import dev.envctl.machine.Doctor;
import dev.envctl.machine.Machine;
import dev.envctl.machine.Row;
import dev.envctl.spec.ClusterSpec.EngineChoice;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code envctl doctor}: exit code 3 where something that must be there is missing. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = "Say what is wrong with this machine and the command that mends it. Changes nothing.")
final class DoctorCommand implements Callable<Integer> {
    @Mixin
    private OutputOption output = new OutputOption();

    @Option(
            names = "--engine",
            paramLabel = "ENGINE",
            description = "auto, podman or docker. Default: ${DEFAULT-VALUE}.",
            defaultValue = "auto")
    private EngineChoice engine = EngineChoice.AUTO;

    @Option(names = "--stand-ins", description = "Look also at what building stand-in images needs.")
    private boolean standIns;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final Terminal terminal;

    DoctorCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        var tools = Wiring.tools(terminal.variables());
        var rows = new Doctor(Machine.here(), tools.programs(), tools.cache().path()).examine(engine, standIns);
        var out = spec.commandLine().getOut();
        if (output.json()) {
            out.println(json(rows));
        } else {
            rows.forEach(row -> print(row, out));
        }
        out.flush();
        return rows.stream().anyMatch(Row::isBlocking) ? FailureKind.PREREQUISITE.exitCode() : 0;
    }

    private static void print(Row row, PrintWriter out) {
        var mark = row.isBlocking() ? "missing" : row.outcome().isTrouble() ? "advice" : state(row);
        out.println("%-8s %-24s %s".formatted(mark, row.title(), row.outcome().text()));
        row.outcome().commands().forEach(command -> out.println("%34s%s".formatted("", command)));
    }

    private static String state(Row row) {
        return row.outcome().state() == dev.envctl.machine.Outcome.State.OK ? "ok" : "-";
    }

    private static String json(List<Row> rows) {
        var array = new JsonArray();
        for (var row : rows) {
            var entry = new JsonObject();
            entry.addProperty("title", row.title());
            entry.addProperty("need", row.need().name().toLowerCase(Locale.ROOT));
            entry.addProperty("state", row.outcome().state().name().toLowerCase(Locale.ROOT));
            entry.addProperty("blocking", row.isBlocking());
            entry.addProperty("text", row.outcome().text());
            var commands = new JsonArray();
            row.outcome().commands().forEach(commands::add);
            entry.add("commands", commands);
            array.add(entry);
        }
        return new GsonBuilder()
                .setPrettyPrinting()
                .disableHtmlEscaping()
                .create()
                .toJson(array);
    }
}
