package dev.envctl;

/** The kinds of failure a user can meet. Each maps to one exit code of the command line. */
public enum FailureKind {
    /** Something that should have worked did not. */
    FAILED(1),
    /** The command line or a configuration file is wrong. */
    USAGE(2),
    /** The machine lacks something that must be there first. */
    PREREQUISITE(3),
    /** A deadline passed. */
    TIMEOUT(4),
    /** An image is not what images.lock says, or is not locked. */
    IMAGE(5),
    /** The caller does not own the environment, or it is not running. */
    NOT_OWNER(6),
    /** SIGHUP. */
    HANGUP(129),
    /** SIGINT. */
    INTERRUPTED(130),
    /** SIGTERM. */
    TERMINATED(143);

    private final int exitCode;

    FailureKind(int exitCode) {
        this.exitCode = exitCode;
    }

    public int exitCode() {
        return exitCode;
    }
}
