package dev.envctl.primary;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.environment.EnvironmentDirectory;

/** What is told of a primary from outside. */
final class PrimaryFailures {
    private PrimaryFailures() {}

    static EnvctlException broken(PrimaryClient.Broken broken) {
        return new EnvctlException(
                FailureKind.FAILED,
                "The environment is broken: %s.".formatted(broken.reason()),
                "It may become well again by itself (`envctl status` shows it); `envctl up --recreate` makes it anew.");
    }

    static EnvctlException notReplaced(PrimaryClient.Broken broken) {
        return new EnvctlException(
                FailureKind.NOT_OWNER,
                "The environment is broken: %s. This is a worker of one (ENVCTL_WORKER is set), and a worker removes none."
                        .formatted(broken.reason()),
                "Let whoever ran `envctl up` run it again. In a shell of yours: `unset ENVCTL_WORKER`.");
    }

    static EnvctlException silent(PrimaryRecord primary) {
        return new EnvctlException(
                FailureKind.TIMEOUT,
                "The primary (pid %d) lives but does not answer.".formatted(primary.pid()),
                "Look again with `envctl status`; if it hangs, end it with `kill -9 %d` and run `envctl down`."
                        .formatted(primary.pid()));
    }

    /** Somebody who has not said that he is the primary. */
    static EnvctlException locked(EnvironmentDirectory directory) {
        return new EnvctlException(
                FailureKind.TIMEOUT,
                "Another process holds the lock %s: it starts a primary or removes what is left."
                        .formatted(directory.lock()),
                "Run `envctl down` when it has ended; `fuser -v %s` shows it.".formatted(directory.lock()));
    }

    static EnvctlException takenOver(PrimaryRecord primary) {
        return new EnvctlException(
                FailureKind.NOT_OWNER,
                "Another primary (pid %d, since %s) has taken the environment over."
                        .formatted(primary.pid(), primary.started()),
                "Let whoever ran `envctl up` run `envctl down`.");
    }
}
