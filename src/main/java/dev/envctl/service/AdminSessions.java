package dev.envctl.service;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.readiness.Deadline;
import java.sql.SQLException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** Sessions of the superuser, a few at once: only so many connections are reserved for it. */
final class AdminSessions {
    @FunctionalInterface
    interface Work<T> {
        T with(SqlSession session) throws SQLException;
    }

    /** Also, more copies at once only wait for each other's disk or memory. */
    static final int AT_ONCE = 4;

    private final PostgresAddress admin;
    private final Semaphore free = new Semaphore(AT_ONCE, true);

    AdminSessions(PostgresAddress admin) {
        this.admin = admin;
    }

    /** @param what as it reads before "failed" */
    <T> T run(String what, Deadline deadline, Work<T> work) {
        await(what, deadline);
        try (var session = SqlSession.open(admin, deadline)) {
            return work.with(session);
        } catch (SQLException e) {
            throw SqlFailure.of(what, e);
        } finally {
            free.release();
        }
    }

    private void await(String what, Deadline deadline) {
        try {
            if (!free.tryAcquire(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS)) {
                throw new EnvctlException(
                        FailureKind.TIMEOUT,
                        "%s timed out after %d s: as many others are under way as Postgres has connections for."
                                .formatted(what, deadline.limit().toSeconds()),
                        "");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EnvctlException(FailureKind.INTERRUPTED, what + " was interrupted.", "", e);
        }
    }
}
