package dev.envctl.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.apache.commons.io.output.WriterOutputStream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** How progress and failures are shown. */
final class ProgressOptions {
    @Option(
            names = "--progress",
            paramLabel = "KIND",
            description = "auto, tty, plain, json or quiet. Default: ${DEFAULT-VALUE}.",
            scope = ScopeType.INHERIT,
            defaultValue = "auto")
    private ProgressView.Kind progress = ProgressView.Kind.auto;

    @Option(
            names = "--color",
            paramLabel = "WHEN",
            description = "auto, always or never; NO_COLOR is honoured. Default: ${DEFAULT-VALUE}.",
            scope = ScopeType.INHERIT,
            defaultValue = "auto")
    private Terminal.ColorChoice color = Terminal.ColorChoice.auto;

    /** What was asked for on the command line that this command is part of. */
    static ProgressView open(CommandSpec command, Terminal terminal) {
        // No lambda here: it would link picocli's model while the class-data archive is made, and keep it out of it.
        for (var mixin : command.root().mixins().values()) {
            if (mixin.userObject() instanceof ProgressOptions options) {
                return options.open(terminal, stream(command.commandLine().getErr()));
            }
        }
        return new ProgressOptions().open(terminal, stream(command.commandLine().getErr()));
    }

    private static PrintStream stream(PrintWriter writer) {
        try {
            var bytes = WriterOutputStream.builder()
                    .setWriter(writer)
                    .setCharset(StandardCharsets.UTF_8)
                    .setWriteImmediately(true)
                    .get();
            return new PrintStream(bytes, true, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ProgressView open(Terminal terminal, PrintStream out) {
        var style = new Style(terminal.colourful(color));
        return switch (progress) {
            case json -> new JsonView(out);
            case quiet -> new QuietView(out, style);
            case plain -> new PlainView(out, style);
            case tty -> live(out, style);
            case auto -> terminal.errors() && !terminal.dumb() ? live(out, style) : new PlainView(out, style);
        };
    }

    private static ProgressView live(PrintStream out, Style style) {
        try {
            return new LiveView(out, style);
        } catch (IOException e) {
            return new PlainView(out, style);
        }
    }
}
