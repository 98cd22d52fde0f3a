package dev.envctl.suite;

import dev.envctl.environment.WorkerLease;
import dev.envctl.readiness.Deadline;
import java.util.Optional;
import java.util.function.Consumer;

/** What suites hold while they run; whoever owns the environment gives it, also to suites of other processes. */
public interface Holdings {
    /**
     * Waits until a suite may run.
     *
     * @param alone nobody else's suite runs while this is held
     * @param waiting told what is waited for
     * @throws dev.envctl.EnvctlException TIMEOUT, or NOT_OWNER where the environment goes away
     */
    Turn turn(String suite, boolean alone, Deadline deadline, Consumer<String> waiting);

    /**
     * A lease of its own, which returns by itself when this process ends.
     *
     * @throws dev.envctl.EnvctlException TIMEOUT, USAGE where there is no room, or why it could not be made
     */
    WorkerLease lease(String suite, Deadline deadline, Consumer<String> waiting);

    /** Everything in it goes, its pods too. */
    void release(WorkerLease lease);

    /** The right to run until it is closed. */
    interface Turn extends AutoCloseable {
        /** Why it holds no longer; empty while it does. */
        Optional<String> lost();

        @Override
        void close();
    }
}
