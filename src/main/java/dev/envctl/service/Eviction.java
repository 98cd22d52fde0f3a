package dev.envctl.service;

import static dev.envctl.service.SqlSession.identifier;
import static dev.envctl.service.SqlSession.literal;

import dev.envctl.readiness.Answer;
import dev.envctl.readiness.Deadline;
import dev.envctl.readiness.Wait;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;

/**
 * Ends what a role does and what is done in its database, and lets neither go on. The sessions come first: one of them may
 * have changed role or database in a transaction that is still open, and who wants to change them too waits for its end.
 *
 * @param role empty where it does not exist
 * @param database empty where it does not exist
 */
record Eviction(Optional<String> role, Optional<String> database) {
    private static final Duration EVERY = Duration.ofMillis(2);
    /** A session that connected again in between is ended in the next round. */
    static final String BRIEFLY = "SET LOCAL lock_timeout = 250;\n";

    static Eviction of(SqlSession session, String role, String database) throws SQLException {
        var found =
                session.rows("""
                        SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = %s),
                          EXISTS (SELECT FROM pg_database WHERE datname = %s)
                        """.formatted(literal(role), literal(database))).get(0);
        return new Eviction(
                Optional.of(role).filter(name -> found.get(0).equals("t")),
                Optional.of(database).filter(name -> found.get(1).equals("t")));
    }

    /**
     * Afterwards the role, if there is one, can neither log in nor is logged in.
     *
     * @return what the database is called now, if there was one
     */
    Optional<String> run(
            SqlSession session, PostgresAddress admin, SpareDatabases spares, Wait wait, Deadline deadline) {
        if (role.isEmpty() && database.isEmpty()) {
            return Optional.empty();
        }
        return wait.until(
                "the sessions of %s to end".formatted(role.or(() -> database).orElse("")),
                deadline,
                EVERY,
                reason -> {},
                () -> attempt(session, admin, spares, deadline));
    }

    private Answer<Optional<String>> attempt(
            SqlSession session, PostgresAddress admin, SpareDatabases spares, Deadline deadline) {
        try {
            end(session, admin, deadline);
            session.run(lockSql());
            if (end(session, admin, deadline)) {
                return Answer.notYet("some are still open");
            }
            return Answer.ready(
                    database.isEmpty() ? Optional.empty() : Optional.of(spares.putAside(session, database.get())));
        } catch (SQLException e) {
            if (SqlFailure.isInUse(e)) {
                return Answer.notYet(SqlFailure.reason(e));
            }
            throw SqlFailure.of("Ending sessions", e);
        }
    }

    /**
     * Prepared transactions have outlived their sessions, with all that they have locked. Another role that sets something for
     * itself in the database, as any may, holds that too until its transaction ends.
     *
     * @return whether there were any
     */
    private boolean end(SqlSession session, PostgresAddress admin, Deadline deadline) throws SQLException {
        var ended = session.rows("""
                SELECT pg_terminate_backend(pid)::text, '', '' FROM pg_stat_activity
                WHERE (datname = %1$s OR usename = %2$s OR (usename <> current_user AND pid IN (
                    SELECT held.pid FROM pg_locks held JOIN pg_database ON oid = objid
                    WHERE locktype = 'object' AND classid = 'pg_database'::regclass AND datname = %1$s)))
                  AND pid <> pg_backend_pid()
                UNION ALL
                SELECT gid, datname, CASE WHEN datallowconn THEN '' ELSE 'closed' END
                FROM pg_prepared_xacts JOIN pg_database ON datname = database WHERE datname = %1$s OR owner = %2$s
                """.formatted(text(database), text(role)));
        for (var row : ended) {
            if (!row.get(1).isEmpty()) {
                rollBack(
                        session,
                        admin.database(row.get(1)),
                        row.get(0),
                        !row.get(2).isEmpty(),
                        deadline);
            }
        }
        return !ended.isEmpty();
    }

    private void rollBack(
            SqlSession session, PostgresAddress place, String transaction, boolean closed, Deadline deadline)
            throws SQLException {
        if (closed && database.equals(Optional.of(place.database()))) {
            session.run(
                    "%sALTER DATABASE %s WITH ALLOW_CONNECTIONS true".formatted(BRIEFLY, identifier(place.database())));
        }
        // Only from inside the database that it was prepared in.
        try (var inside = SqlSession.open(place, deadline)) {
            // The database's owner may have set another.
            inside.run("SET ROLE NONE");
            inside.run("ROLLBACK PREPARED " + literal(transaction));
        }
    }

    private static String text(Optional<String> name) {
        return name.map(SqlSession::literal).orElse("NULL");
    }

    private String lockSql() {
        var sql = new StringBuilder(BRIEFLY);
        role.ifPresent(name -> sql.append("ALTER ROLE %s NOLOGIN PASSWORD NULL;\n".formatted(identifier(name))));
        database.ifPresent(name -> sql.append(
                "ALTER DATABASE %s WITH ALLOW_CONNECTIONS false IS_TEMPLATE false;\n".formatted(identifier(name))));
        return sql.toString();
    }
}
