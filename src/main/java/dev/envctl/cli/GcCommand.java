package dev.envctl.cli;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.envctl.FailureKind;
import dev.envctl.client.Ownership;
import dev.envctl.primary.Abandoned;
import dev.envctl.spec.Timeouts;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code envctl gc}: exit code 1 where something could not be removed. */
@Command(
        name = "gc",
        mixinStandardHelpOptions = true,
        description = "Remove what dead primaries of any project on this host left; never what a living one owns.")
final class GcCommand implements Callable<Integer> {
    @Option(
            names = {"-n", "--dry-run"},
            description = "Show what would be removed; remove nothing.")
    private boolean dryRun;

    @Option(
            names = "--below",
            paramLabel = "FOLDER",
            description = "Only environments of projects in this folder or below it. Default: all of this host.")
    private Path below = Path.of("/");

    @Mixin
    private OutputOption output = new OutputOption();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    private final Terminal terminal;

    GcCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() {
        var variables = terminal.variables();
        Ownership.requireNoWorker(variables);
        try (var view = ProgressOptions.open(spec, terminal)) {
            var found = new Abandoned(Wiring.tools(variables), Timeouts.OF_REMOVAL, view)
                    .collect(below.toAbsolutePath().normalize(), dryRun);
            var out = spec.commandLine().getOut();
            out.print(output.json() ? json(found) : text(found));
            out.flush();
            return found.stream().anyMatch(Abandoned.Found::failed) ? FailureKind.FAILED.exitCode() : 0;
        }
    }

    private static String text(List<Abandoned.Found> found) {
        if (found.isEmpty()) {
            return "nothing of envctl is on this host\n";
        }
        var text = new StringBuilder();
        for (var one : found) {
            text.append("%-9s %s (%s): %s%n"
                    .formatted(
                            one.fate().word(),
                            one.cluster().name(),
                            one.cluster().directory(),
                            one.reason()));
        }
        return text.toString();
    }

    private static String json(List<Abandoned.Found> found) {
        var array = new JsonArray();
        for (var one : found) {
            var json = new JsonObject();
            json.addProperty("cluster", one.cluster().name());
            json.addProperty("environment", one.cluster().environment());
            json.addProperty("id", one.cluster().id());
            json.addProperty("directory", one.cluster().directory().toString());
            json.addProperty("engine", one.cluster().engine());
            json.addProperty("fate", one.fate().word());
            json.addProperty("reason", one.reason());
            array.add(json);
        }
        return new GsonBuilder()
                        .setPrettyPrinting()
                        .disableHtmlEscaping()
                        .create()
                        .toJson(array) + "\n";
    }
}
