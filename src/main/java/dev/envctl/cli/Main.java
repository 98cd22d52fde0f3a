package dev.envctl.cli;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code envctl}. */
@Command(
        name = "envctl",
        mixinStandardHelpOptions = true,
        versionProvider = VersionCommand.class,
        synopsisSubcommandLabel = "COMMAND",
        description = "One shared, real environment for parallel end-to-end tests.",
        footer = {
            "",
            "Exit codes: 0 ok, 1 failed, 2 usage or configuration, 3 a prerequisite is missing, 4 time-out,",
            "5 image or lock mismatch, 6 not the owner or not running, 130/143 ended by a signal."
        })
public final class Main implements Runnable {
    @Mixin
    @SuppressWarnings("UnusedVariable") // Commands find it through the model.
    private ProgressOptions progress = new ProgressOptions();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    public static void main(String[] arguments) {
        SilentLogging.choose();
        var terminal = Terminal.detect();
        var line = commandLine(terminal, arguments);
        if (terminal.isRead()) {
            line.setErr(new PrintWriter(new InertLines(System.err), true, StandardCharsets.UTF_8));
        }
        exit(line.execute(arguments));
    }

    /**
     * Ends the JVM. Where a signal is ending it already, the exit code is the signal's: between its last shutdown hook and its
     * end a second exit with another code than 0 would take its place (java.lang.Shutdown of JDK 17), so there is none.
     */
    private static void exit(int code) {
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {}, "none"));
        } catch (IllegalStateException e) {
            awaitTheEnd();
        }
        System.exit(code);
    }

    private static void awaitTheEnd() {
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** With every command whole. */
    static CommandLine commandLine(Terminal terminal) {
        return commandLine(new Subcommands(terminal).all(), terminal);
    }

    /** With what these arguments need. */
    static CommandLine commandLine(Terminal terminal, String... arguments) {
        return commandLine(new Subcommands(terminal).named(List.of(arguments)), terminal);
    }

    private static CommandLine commandLine(List<CommandLine> subcommands, Terminal terminal) {
        var line = new CommandLine(new Main(), new CommandFactory(terminal));
        subcommands.forEach(command -> line.addSubcommand(command));
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setColorScheme(CommandLine.Help.defaultColorScheme(
                terminal.colourful(Terminal.ColorChoice.auto) ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF));
        line.setParameterExceptionHandler((failure, ignored) -> refuse(failure, terminal));
        line.setExecutionExceptionHandler((failure, command, ignored) -> fail(failure, command, terminal));
        return line;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "A command is missing.");
    }

    private static int refuse(ParameterException failure, Terminal terminal) {
        var command = failure.getCommandLine();
        var help = "`%s --help` shows what can be said."
                .formatted(command.getCommandSpec().qualifiedName());
        annotate(new EnvctlException(FailureKind.USAGE, String.valueOf(failure.getMessage()), help), command, terminal);
        PrintWriter err = command.getErr();
        err.println("error: " + failure.getMessage());
        if (!CommandLine.UnmatchedArgumentException.printSuggestions(failure, err)) {
            err.println("next: " + help);
        }
        err.flush();
        return FailureKind.USAGE.exitCode();
    }

    private static int fail(Exception failure, CommandLine command, Terminal terminal) {
        var known = failure instanceof EnvctlException told
                ? told
                : new EnvctlException(
                        FailureKind.FAILED,
                        "Unexpected %s: %s".formatted(failure.getClass().getSimpleName(), failure.getMessage()),
                        "This is a defect of envctl; please report it with the stack trace below.",
                        java.util.Arrays.stream(failure.getStackTrace())
                                .limit(20)
                                .map(frame -> "at " + frame)
                                .toList(),
                        failure);
        annotate(known, command, terminal);
        try (var view = ProgressOptions.open(command.getCommandSpec(), terminal)) {
            view.fail(known);
        }
        return known.kind().exitCode();
    }

    /** Where a command speaks to GitHub Actions, its failure is shown on the page of the run. */
    private static void annotate(EnvctlException failure, CommandLine command, Terminal terminal) {
        var spec = command.getCommandSpec();
        var output = spec.findOption(HandoutOption.NAME);
        if (output != null && HandoutOption.Format.github.name().equals(String.valueOf(output.<Object>getValue()))) {
            GithubStep.fail(spec.qualifiedName(), failure, terminal.variables(), command.getOut());
        }
    }
}
