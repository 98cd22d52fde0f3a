package dev.envctl.service;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Runs what needs a role or database for itself, and ends whoever keeps it waiting for longer than a moment. Any role may lock
 * any database until the end of a transaction, by setting something for itself there. It is ended while the statement waits:
 * who comes then stands behind it, where before the statement the next would take the place of the one that was ended.
 */
final class RightOfWay {
    /** Longer than a lock is waited for in an ordinary run: then nobody looks, and there is no second session. */
    private static final Duration PATIENCE = Duration.ofMillis(100);

    private static final Duration EVERY = Duration.ofMillis(20);
    private static final Duration LIMIT = Duration.ofSeconds(2);
    /** For who does not go although it was ended, and sessions of the superuser, which are not. */
    private static final String BOUNDED = "SET LOCAL lock_timeout = 5000;\n";

    private static final long IDLE_SECONDS = 10;

    private final PostgresAddress admin;
    private final ScheduledThreadPoolExecutor thread;

    RightOfWay(PostgresAddress admin) {
        this.admin = admin;
        this.thread = new ScheduledThreadPoolExecutor(1, work -> {
            var made = new Thread(work, "right of way in Postgres");
            made.setDaemon(true);
            return made;
        });
        thread.setRemoveOnCancelPolicy(true);
        thread.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
        thread.allowCoreThreadTimeOut(true);
    }

    /** The statements as one transaction. */
    void run(SqlSession session, String sql) throws SQLException {
        run(session, PATIENCE, waiting -> {
            waiting.run(BOUNDED + sql);
            return true;
        });
    }

    /**
     * For work that bounds its waiting itself.
     *
     * @param patience how long it may take before anybody is ended
     */
    <T> T run(SqlSession session, Duration patience, AdminSessions.Work<T> work) throws SQLException {
        var clearing = new Clearing(Holders.before(session.pid()));
        var rounds = thread.scheduleWithFixedDelay(
                clearing::round, patience.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
        try {
            return work.with(session);
        } finally {
            rounds.cancel(false);
            clearing.end();
        }
    }

    /** Ends whoever was there before the process that waits. */
    boolean end(SqlSession session, Holders holders, Duration limit) throws SQLException {
        return holders.end(session, admin, limit);
    }

    /** From a session of its own, because the other one waits. */
    private final class Clearing {
        private final Holders holders;
        private Optional<SqlSession> session = Optional.empty();
        private boolean over;

        Clearing(Holders holders) {
            this.holders = holders;
        }

        synchronized void round() {
            if (over) {
                return;
            }
            try {
                if (session.isEmpty()) {
                    session = Optional.of(SqlSession.open(admin, LIMIT));
                }
                holders.end(session.get(), admin, LIMIT);
            } catch (SQLException e) {
                // Such as a prepared transaction that somebody else ends: the next round looks again, and what waits
                // tells in the end that it has waited.
                close();
            }
        }

        synchronized void end() {
            over = true;
            close();
        }

        private void close() {
            try {
                if (session.isPresent()) {
                    session.get().close();
                }
            } catch (SQLException e) {
                // It is gone.
            } finally {
                session = Optional.empty();
            }
        }
    }
}
