package dev.envctl.primary;

import dev.envctl.process.Command;

/** How a primary is started where there is none, and what becomes of that. */
public interface Starting {
    /**
     * The command that starts one as a detached process. Asked for each attempt.
     *
     * @throws dev.envctl.EnvctlException where none is wanted any more
     */
    Command command();

    /** What was started has ended, because somebody was faster: the search goes on. */
    void inVain();
}
