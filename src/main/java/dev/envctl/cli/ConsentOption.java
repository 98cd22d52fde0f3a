package dev.envctl.cli;

import picocli.CommandLine.Option;

/** Whether the user has agreed beforehand. */
final class ConsentOption {
    @Option(
            names = {"-y", "--yes"},
            description = "Agree to everything that set-up would ask.")
    private boolean yes;

    boolean given() {
        return yes;
    }
}
