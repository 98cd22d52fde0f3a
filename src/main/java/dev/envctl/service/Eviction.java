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
    Optional<String> run(SqlSession session, RightOfWay way, SpareDatabases spares, Wait wait, Deadline deadline) {
        if (role.isEmpty() && database.isEmpty()) {
            return Optional.empty();
        }
        return wait.until(
                "the sessions of %s to end".formatted(role.or(() -> database).orElse("")),
                deadline,
                EVERY,
                reason -> {},
                () -> attempt(session, way, spares, deadline));
    }

    private Answer<Optional<String>> attempt(
            SqlSession session, RightOfWay way, SpareDatabases spares, Deadline deadline) {
        var holders = Holders.of(role, database);
        try {
            way.end(session, holders, deadline.remaining());
            way.run(session, lockSql());
            // Who connected again in between.
            if (way.end(session, holders, deadline.remaining())) {
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

    private String lockSql() {
        var sql = new StringBuilder();
        role.ifPresent(name -> sql.append("ALTER ROLE %s NOLOGIN PASSWORD NULL;\n".formatted(identifier(name))));
        database.ifPresent(name -> sql.append(
                "ALTER DATABASE %s WITH ALLOW_CONNECTIONS false IS_TEMPLATE false;\n".formatted(identifier(name))));
        return sql.toString();
    }
}
