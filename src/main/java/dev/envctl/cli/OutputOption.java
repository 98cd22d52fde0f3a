package dev.envctl.cli;

import picocli.CommandLine.Option;

/** What goes to standard output. */
final class OutputOption {
    /** Names as they are typed on the command line. */
    enum Format {
        text,
        json
    }

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            description = "text or json. Default: ${DEFAULT-VALUE}.",
            defaultValue = "text")
    private Format format = Format.text;

    boolean json() {
        return format == Format.json;
    }
}
