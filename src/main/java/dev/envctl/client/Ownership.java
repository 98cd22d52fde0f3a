package dev.envctl.client;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.environment.EnvironmentDirectory;
import dev.envctl.primary.PrimaryRecord;
import java.util.Map;

/** Only who owns an environment removes it: a test process that calls {@code down} would pull it from under all others. */
public final class Ownership {
    private static final String WORKER = "ENVCTL_WORKER";

    private Ownership() {}

    /** Whether the variables are those of a worker, of whatever environment. */
    public static boolean isWorker(Map<String, String> variables) {
        return !variables.getOrDefault(WORKER, "").isEmpty();
    }

    /**
     * For what removes environments of any project.
     *
     * @throws EnvctlException NOT_OWNER where the variables are those of a worker, of whatever environment
     */
    public static void requireNoWorker(Map<String, String> variables) {
        var worker = variables.getOrDefault(WORKER, "");
        if (!worker.isEmpty()) {
            throw new EnvctlException(
                    FailureKind.NOT_OWNER,
                    "This is worker %s of an environment (%s is set), and a worker removes none."
                            .formatted(worker, WORKER),
                    "In a shell of yours: `unset %s`.".formatted(WORKER));
        }
    }

    /**
     * For what removes this environment.
     *
     * @throws EnvctlException NOT_OWNER where the variables are those of a worker
     */
    public static void require(Map<String, String> variables, EnvironmentDirectory directory, String name) {
        var worker = variables.getOrDefault(WORKER, "");
        if (worker.isEmpty()) {
            return;
        }
        var owner = PrimaryRecord.read(directory.primary())
                .map(primary ->
                        " It belongs to its primary (pid %d, since %s).".formatted(primary.pid(), primary.started()))
                .orElse("");
        throw new EnvctlException(
                FailureKind.NOT_OWNER,
                "This is worker %s of environment %s (%s is set), and a worker does not remove it.%s"
                        .formatted(worker, name, WORKER, owner),
                "Let whoever ran `envctl up` run `envctl down`. In a shell of yours: `unset %s`.".formatted(WORKER));
    }
}
