package dev.envctl.cli;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.envctl.image.ImageArchive;
import dev.envctl.image.ImageLock;
import dev.envctl.readiness.Deadline;
import dev.envctl.spec.Durations;
import dev.envctl.spec.EnvironmentFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code envctl images}. */
@Command(
        name = "images",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "The lock file and the images.",
        subcommands = {
            ImagesLockCommand.class,
            ImagesCommand.ListLocked.class,
            ImagesVerifyCommand.class,
            ImagesWarmCommand.class,
            ImagesSaveCommand.class,
            ImagesLoadCommand.class
        })
final class ImagesCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "A command is missing: lock, list, verify, warm, save or load.");
    }

    /** The lock file of the project around the current directory. */
    static Path file() {
        return Wiring.installation()
                .lockFile(EnvironmentFiles.around(Path.of("")).root());
    }

    static Deadline deadline(CommandSpec spec, String timeout) {
        try {
            return Deadline.in(Durations.parse(timeout));
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--timeout: " + e.getMessage(), e);
        }
    }

    static void printReferences(CommandSpec spec, List<ImageArchive> images) {
        var table = new Table();
        images.forEach(image -> table.row(image.name(), image.reference()));
        spec.commandLine().getOut().print(table.text());
        spec.commandLine().getOut().flush();
    }

    static void print(CommandSpec spec, JsonElement rows) {
        spec.commandLine()
                .getOut()
                .println(new GsonBuilder()
                        .setPrettyPrinting()
                        .disableHtmlEscaping()
                        .create()
                        .toJson(rows));
    }

    /** {@code envctl images list}. */
    @Command(
            name = "list",
            mixinStandardHelpOptions = true,
            description = "List the locked images and where they come from on this machine.")
    static final class ListLocked implements Callable<Integer> {
        @Mixin
        private OutputOption output = new OutputOption();

        @Spec
        private CommandSpec spec = CommandSpec.create();

        private final Terminal terminal;

        ListLocked(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            var rows = Wiring.tools(terminal.variables()).images().listing().list(ImageLock.read(file()));
            var json = new JsonArray();
            var out = spec.commandLine().getOut();
            for (var row : rows) {
                var origin = row.origin().name().toLowerCase(Locale.ROOT).replace('_', '-');
                var entry = new JsonObject();
                entry.addProperty("name", row.name());
                entry.addProperty("tagged", row.tagged());
                entry.addProperty("digest", row.digest().toString());
                entry.addProperty("origin", origin);
                row.size().ifPresent(size -> entry.addProperty("bytes", size));
                entry.addProperty("note", row.note());
                json.add(entry);
                if (!output.json()) {
                    var size = row.size().isPresent()
                            ? "%d MB".formatted(row.size().getAsLong() / 1_000_000)
                            : "?";
                    out.println("%-10s %-9s %8s  %s@%s%s"
                            .formatted(
                                    row.name(),
                                    origin,
                                    size,
                                    row.tagged(),
                                    row.digest(),
                                    row.note().isEmpty() ? "" : "  " + row.note()));
                }
            }
            if (output.json()) {
                print(spec, json);
            }
            out.flush();
            return 0;
        }
    }
}
