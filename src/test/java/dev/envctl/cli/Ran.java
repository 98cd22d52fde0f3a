package dev.envctl.cli;

import dev.envctl.EnvctlException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** What a command has said, in this process: the project is this checkout. */
record Ran(int exitCode, String out, String err) {
    static Ran with(String... arguments) {
        return in(new Terminal(false, false, Map.of()), arguments);
    }

    static Ran in(Terminal terminal, String... arguments) {
        return of(Main.commandLine(terminal, arguments), arguments);
    }

    /** A command {@code fail} that ends this way. */
    static Ran failing(Terminal terminal, RuntimeException failure, String... options) {
        var line = Main.commandLine(terminal);
        line.addSubcommand(
                "fail",
                new CommandLine(new Failing(failure))
                        .setExecutionExceptionHandler(line.getExecutionExceptionHandler()));
        var arguments = java.util.stream.Stream.concat(
                        java.util.Arrays.stream(options), java.util.stream.Stream.of("fail"))
                .toArray(String[]::new);
        return of(line, arguments);
    }

    static Ran failing(EnvctlException failure) {
        return failing(new Terminal(false, false, Map.of()), failure);
    }

    private static Ran of(CommandLine line, String... arguments) {
        var out = new StringWriter();
        var err = new StringWriter();
        line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        var exitCode = line.execute(arguments);
        return new Ran(exitCode, out.toString(), err.toString());
    }

    @CommandLine.Command(name = "fail")
    private record Failing(RuntimeException failure) implements Callable<Integer> {
        @Override
        public Integer call() {
            throw failure;
        }
    }
}
