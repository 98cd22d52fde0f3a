package dev.envctl.service;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.readiness.Deadline;
import java.sql.SQLException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Sessions of the superuser, a few at once: only so many connections are reserved for it. They are kept open, because to
 * log in takes longer than most of what is then asked.
 */
final class AdminSessions implements AutoCloseable {
    @FunctionalInterface
    interface Work<T> {
        T with(SqlSession session) throws SQLException;
    }

    /** Also, more copies at once only wait for each other's disk or memory. */
    static final int AT_ONCE = 4;

    private final PostgresAddress admin;
    private final Semaphore free = new Semaphore(AT_ONCE, true);
    private final Queue<SqlSession> idle = new ConcurrentLinkedQueue<>();

    AdminSessions(PostgresAddress admin) {
        this.admin = admin;
    }

    /** @param what as it reads before "failed" */
    <T> T run(String what, Deadline deadline, Work<T> work) {
        await(what, deadline);
        try {
            return run(work, deadline);
        } catch (SQLException e) {
            throw SqlFailure.of(what, e);
        } finally {
            free.release();
        }
    }

    private <T> T run(Work<T> work, Deadline deadline) throws SQLException {
        var session = open(deadline);
        var whole = false;
        try {
            var result = work.with(session);
            whole = true;
            return result;
        } finally {
            if (whole) {
                idle.add(session);
            } else {
                session.close();
            }
        }
    }

    /** One that was used before, if it still answers. */
    private SqlSession open(Deadline deadline) throws SQLException {
        for (var session = idle.poll(); session != null; session = idle.poll()) {
            if (session.answers(deadline)) {
                return session;
            }
            session.close();
        }
        return SqlSession.open(admin, deadline);
    }

    /** Ends the sessions that nobody uses. */
    @Override
    public void close() {
        for (var session = idle.poll(); session != null; session = idle.poll()) {
            try {
                session.close();
            } catch (SQLException e) {
                throw SqlFailure.of("Ending a session of the superuser", e);
            }
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
