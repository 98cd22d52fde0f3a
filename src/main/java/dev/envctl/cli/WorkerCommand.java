package dev.envctl.cli;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code envctl worker}: leases on demand. */
@Command(
        name = "worker",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Acquire, reset and release leases of a running environment.",
        subcommands = {
            AcquireCommand.class,
            WorkerCommand.Release.class,
            WorkerCommand.Reset.class,
            WorkerCommand.ListLeases.class
        })
final class WorkerCommand implements Runnable {
    private static final String OWN = "ENVCTL_WORKER";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "A command is missing: acquire, release, reset or list.");
    }

    static void print(CommandSpec spec, String text) {
        PrintWriter out = spec.commandLine().getOut();
        out.print(text);
        out.flush();
    }

    static String pretty(JsonElement json) {
        return new GsonBuilder()
                        .setPrettyPrinting()
                        .disableHtmlEscaping()
                        .create()
                        .toJson(json) + "\n";
    }

    /** The number that was given, or that of the worker whose variables are set. */
    private static int worker(int given, Terminal terminal, CommandSpec spec) {
        var own = terminal.variables().getOrDefault(OWN, "");
        if (given == 0 && !own.matches("[1-9][0-9]{0,4}")) {
            throw new ParameterException(spec.commandLine(), "Say which lease: its number, or set %s.".formatted(OWN));
        }
        return given == 0 ? Integer.parseInt(own) : given;
    }

    /** {@code envctl worker release}. */
    @Command(
            name = "release",
            mixinStandardHelpOptions = true,
            description = "Give a lease back: its database, index and namespace go.")
    static final class Release implements Callable<Integer> {
        @Mixin
        private EnvironmentOption environment = new EnvironmentOption();

        @Parameters(arity = "0..1", paramLabel = "N", description = "The lease. Default: $$ENVCTL_WORKER.")
        private int number;

        @Option(names = "--keep", description = "Leave the database to look at, and print its URL.")
        private boolean keep;

        @Spec
        private CommandSpec spec = CommandSpec.create();

        private final Terminal terminal;

        Release(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            var worker = worker(number, terminal, spec);
            var json = LeaseAccess.either(environment, terminal.variables()).release(worker, keep);
            if (json.has("url")) {
                print(spec, json.get("url").getAsString() + "\n");
            }
            return 0;
        }
    }

    /** {@code envctl worker reset}. */
    @Command(
            name = "reset",
            mixinStandardHelpOptions = true,
            description = "Make a lease pristine: its database as at the beginning, its index and namespace empty.")
    static final class Reset implements Callable<Integer> {
        @Mixin
        private EnvironmentOption environment = new EnvironmentOption();

        @Parameters(arity = "0..1", paramLabel = "N", description = "The lease. Default: $$ENVCTL_WORKER.")
        private int number;

        @Option(
                names = "--only",
                paramLabel = "PART",
                split = ",",
                description = "Reset this and leave the rest: postgres, redis, kubernetes.")
        private List<String> only = List.of();

        @Spec
        private CommandSpec spec = CommandSpec.create();

        private final Terminal terminal;

        Reset(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            var worker = worker(number, terminal, spec);
            LeaseAccess.either(environment, terminal.variables()).reset(worker, String.join(",", only));
            return 0;
        }
    }

    /** {@code envctl worker list}. */
    @Command(name = "list", mixinStandardHelpOptions = true, description = "Show all leases and who holds them.")
    static final class ListLeases implements Callable<Integer> {
        @Mixin
        private EnvironmentOption environment = new EnvironmentOption();

        @Mixin
        private OutputOption output = new OutputOption();

        @Spec
        private CommandSpec spec = CommandSpec.create();

        private final Terminal terminal;

        ListLeases(Terminal terminal) {
            this.terminal = terminal;
        }

        @Override
        public Integer call() {
            var json = LeaseAccess.either(environment, terminal.variables()).list();
            print(spec, output.json() ? pretty(json) : text(json));
            return 0;
        }

        private static String text(JsonObject json) {
            var text = new StringBuilder();
            for (var element : json.getAsJsonArray("leases")) {
                var lease = element.getAsJsonObject();
                text.append("%-5s %-8s %-25s %s%n"
                        .formatted(
                                lease.get("worker").getAsString(),
                                lease.get("state").getAsString(),
                                lease.get("since").getAsString(),
                                has(lease)));
            }
            return text.toString();
        }

        private static String has(JsonObject lease) {
            var pid = lease.has("pid") ? " (pid %s)".formatted(lease.get("pid").getAsString()) : "";
            var trouble = lease.has("trouble") ? " " + lease.get("trouble").getAsString() : "";
            return ((lease.has("holder") ? lease.get("holder").getAsString() : "") + pid + trouble).strip();
        }
    }
}
