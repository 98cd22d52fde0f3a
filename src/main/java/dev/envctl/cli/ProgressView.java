package dev.envctl.cli;

import dev.envctl.EnvctlException;
import dev.envctl.Progress;

/** Shows progress and the failure that ended it. Everything goes to standard error. */
interface ProgressView extends Progress, AutoCloseable {
    void fail(EnvctlException failure);

    /** Leaves the terminal as it was. */
    @Override
    void close();

    /** How progress is shown; names as they are typed on the command line. */
    enum Kind {
        /** {@code tty} on a terminal, else {@code plain}. */
        auto,
        /** A live list of phases. */
        tty,
        /** One line per finished phase, and a heartbeat. */
        plain,
        /** One JSON object a line. */
        json,
        /** Only failures. */
        quiet
    }
}
