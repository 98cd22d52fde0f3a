package dev.envctl.service;

import static dev.envctl.service.SqlSession.identifier;
import static dev.envctl.service.SqlSession.literal;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/**
 * Who holds what somebody else needs: sessions, and prepared transactions, which have outlived theirs with all that they
 * have locked.
 *
 * @param sessions a condition on {@code pg_stat_activity}
 * @param transactions a condition on {@code pg_prepared_xacts} and the {@code pg_database} that each was prepared in
 */
record Holders(String sessions, String transactions) {
    /** Whatever a role does, and whatever is done in a database; one that is empty has no holders. */
    static Holders of(Optional<String> role, Optional<String> database) {
        return new Holders(
                "datname = %2$s OR usename = %1$s".formatted(text(role), text(database)),
                "datname = %2$s OR owner = %1$s".formatted(text(role), text(database)));
    }

    /**
     * Those that this server process waits for, or that stand before it in the queue, but none of the superuser's own. A
     * prepared transaction has no process: in {@code pg_blocking_pids} it is a 0, in {@code pg_locks} a NULL.
     */
    static Holders before(int pid) {
        return new Holders(
                "usename <> current_user AND pid IN (SELECT unnest(pg_blocking_pids(%d)))".formatted(pid),
                """
                owner <> current_user AND 0 IN (SELECT unnest(pg_blocking_pids(%1$d)))
                AND transaction IN (
                  SELECT own.transactionid FROM pg_locks wanted
                  JOIN pg_locks held ON held.pid IS NULL AND held.granted AND
                    (held.locktype, held.database, held.classid, held.objid, held.transactionid) IS NOT DISTINCT FROM
                    (wanted.locktype, wanted.database, wanted.classid, wanted.objid, wanted.transactionid)
                  JOIN pg_locks own ON own.pid IS NULL AND own.virtualtransaction = held.virtualtransaction
                    AND own.locktype = 'transactionid'
                  WHERE wanted.pid = %1$d AND NOT wanted.granted)
                """.formatted(pid));
    }

    /**
     * Ends them, without waiting until they are gone.
     *
     * @param limit of the connecting to another database
     * @return whether there were any
     */
    boolean end(SqlSession session, PostgresAddress admin, Duration limit) throws SQLException {
        var ended = session.rows("""
                SELECT pg_terminate_backend(pid)::text, '', '' FROM pg_stat_activity
                WHERE pid <> pg_backend_pid() AND (%s)
                UNION ALL
                SELECT gid, datname, CASE WHEN datallowconn THEN '' ELSE 'closed' END
                FROM pg_prepared_xacts JOIN pg_database ON datname = database WHERE %s
                """.formatted(sessions, transactions));
        for (var row : ended) {
            if (!row.get(1).isEmpty()) {
                rollBack(
                        session,
                        admin.database(row.get(1)),
                        row.get(0),
                        !row.get(2).isEmpty(),
                        limit);
            }
        }
        return !ended.isEmpty();
    }

    private static void rollBack(
            SqlSession session, PostgresAddress place, String transaction, boolean closed, Duration limit)
            throws SQLException {
        if (closed) {
            session.run("%sALTER DATABASE %s WITH ALLOW_CONNECTIONS true"
                    .formatted(SqlSession.BRIEFLY, identifier(place.database())));
        }
        // Only from inside the database that it was prepared in.
        try (var inside = SqlSession.open(place, limit)) {
            // The database's owner may have set another.
            inside.run("SET ROLE NONE");
            inside.run("ROLLBACK PREPARED " + literal(transaction));
        }
    }

    private static String text(Optional<String> name) {
        return name.map(SqlSession::literal).orElse("NULL");
    }
}
