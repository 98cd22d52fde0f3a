package dev.envctl.cli;

import java.io.PrintWriter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** For whom a command hands out what it has. */
final class HandoutOption {
    static final String NAME = "--output";

    /** Names as they are typed on the command line. */
    enum Format {
        text,
        json,
        env,
        dotenv,
        github
    }

    @Option(
            names = {"-o", NAME},
            paramLabel = "FORMAT",
            description =
                    "text, json, env (for eval), dotenv (for GitLab), or github: variables, outputs and a summary for"
                            + " the later steps of GitHub Actions. Default: ${DEFAULT-VALUE}.",
            defaultValue = "text")
    private Format format = Format.text;

    boolean json() {
        return format == Format.json;
    }

    /** For what has nothing to hand out but what people or programs look at. */
    void refuseMoreThanLooking(String option, CommandSpec spec) {
        if (format != Format.text && format != Format.json) {
            throw new ParameterException(
                    spec.commandLine(), "%s hands nothing out: not with `-o %s`.".formatted(option, format));
        }
    }

    /** Comes before all work: what could not be handed out must not be made. */
    Recipient open(CommandSpec spec, Terminal terminal) {
        return open(format, spec, terminal);
    }

    static Recipient open(Format format, CommandSpec spec, Terminal terminal) {
        var out = spec.commandLine().getOut();
        return switch (format) {
            case text -> handout -> print(out, handout.text());
            case json -> handout -> print(out, handout.json());
            case env -> handout -> print(out, Shell.bash.lines(handout.variables()));
            case dotenv -> handout -> print(out, dotenv(handout, spec, terminal));
            case github -> GithubStep.begin(spec.qualifiedName(), terminal.variables(), out);
        };
    }

    private static String dotenv(Handout handout, CommandSpec spec, Terminal terminal) {
        try (var view = ProgressOptions.open(spec, terminal)) {
            return Dotenv.of(handout.variables(), view::warn);
        }
    }

    private static void print(PrintWriter out, String text) {
        out.print(text);
        out.flush();
    }
}
