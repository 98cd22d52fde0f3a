package dev.envctl.cli;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.envctl.image.ImageLock;
import dev.envctl.readiness.Deadline;
import dev.envctl.spec.Durations;
import dev.envctl.spec.EnvironmentFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code envctl images}. */
@Command(
        name = "images",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "The lock file and the images.",
        subcommands = {ImagesCommand.Lock.class, ImagesCommand.ListLocked.class, ImagesVerifyCommand.class})
final class ImagesCommand implements Runnable {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "A command is missing: lock, list or verify.");
    }

    static Path file() {
        return Request.lockFile(EnvironmentFiles.around(Path.of("")).root());
    }

    static void print(CommandSpec spec, JsonArray rows) {
        spec.commandLine()
                .getOut()
                .println(new GsonBuilder()
                        .setPrettyPrinting()
                        .disableHtmlEscaping()
                        .create()
                        .toJson(rows));
    }

    /** {@code envctl images lock}. */
    @Command(
            name = "lock",
            mixinStandardHelpOptions = true,
            description = {
                "Resolve tags to digests and write images.lock.",
                "Without arguments all locked images are resolved again; NAME=REPOSITORY:TAG adds or changes one."
            })
    static final class Lock implements Callable<Integer> {
        @Parameters(arity = "0..*", paramLabel = "NAME=REPOSITORY:TAG", description = "What to lock.")
        private List<String> wanted = List.of();

        @Option(names = "--check", description = "Change nothing; exit code 5 where the file would change.")
        private boolean check;

        @Option(
                names = "--timeout",
                paramLabel = "DURATION",
                description = "How long it may take in all. Default: ${DEFAULT-VALUE}.",
                defaultValue = "2m")
        private String timeout = "2m";

        @Spec
        private CommandSpec spec = CommandSpec.create();

        private final Terminal terminal;

        Lock(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            var deadline = Deadline.in(limit());
            var locking = Wiring.tools(terminal.variables()).images().locking();
            try (var view = ProgressOptions.open(spec, terminal)) {
                if (check) {
                    locking.check(file(), view, deadline);
                    return 0;
                }
                var out = spec.commandLine().getOut();
                locking.lock(file(), requested(), view, deadline).forEach(change -> out.println(change.describe()));
                out.flush();
            }
            return 0;
        }

        private Duration limit() {
            try {
                return Durations.parse(timeout);
            } catch (IllegalArgumentException e) {
                throw new ParameterException(spec.commandLine(), "--timeout: " + e.getMessage(), e);
            }
        }

        private Map<String, String> requested() {
            var requested = new LinkedHashMap<String, String>();
            for (var word : wanted) {
                var equals = word.indexOf('=');
                if (equals <= 0 || equals == word.length() - 1) {
                    throw new ParameterException(
                            spec.commandLine(), "`%s` is not NAME=REPOSITORY:TAG.".formatted(word));
                }
                requested.put(word.substring(0, equals), word.substring(equals + 1));
            }
            return requested;
        }
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
