package dev.envctl.service;

import static dev.envctl.service.SqlSession.identifier;
import static dev.envctl.service.SqlSession.literal;

import dev.envctl.readiness.Answer;
import dev.envctl.readiness.Deadline;
import dev.envctl.readiness.Wait;
import java.sql.SQLException;
import java.time.Duration;

/** Gives tenants a database and takes it from them. */
final class TenantDatabases {
    private static final Duration EVERY = Duration.ofMillis(2);
    private static final String STILL_NEEDED = "2BP01";

    private final PostgresAddress admin;
    private final PostgresTemplate template;
    private final SpareDatabases spares;
    private final Wait wait;

    TenantDatabases(PostgresAddress admin, PostgresTemplate template, SpareDatabases spares, Wait wait) {
        this.admin = admin;
        this.template = template;
        this.spares = spares;
        this.wait = wait;
    }

    /** Makes the role, or resets it, and gives it a pristine database in place of the one it had. */
    void settle(SqlSession session, Tenant tenant, Deadline deadline) throws SQLException {
        session.run(tenant.roleSql(exists(session, "pg_roles", "rolname", tenant.role())));
        var present = exists(session, "pg_database", "datname", tenant.database());
        if (present) {
            close(session, tenant.database(), tenant.role(), deadline);
            spares.discard(spares.putAside(session, tenant.database()));
        }
        var found = spares.take();
        if (found.isEmpty() && present) {
            // The old and the new one together may be more than there is room for.
            spares.drop(session);
        }
        claim(session, found.isPresent() ? found.get() : spares.make(session), tenant, deadline);
    }

    /** Whether it was settled to the end: a database gets its owner last of all. */
    boolean isSettled(SqlSession session, Tenant tenant) throws SQLException {
        return !session.rows(
                        "SELECT 1 FROM pg_database JOIN pg_roles r ON r.oid = datdba WHERE datname = %s AND rolname = %s"
                                .formatted(literal(tenant.database()), literal(tenant.role())))
                .isEmpty();
    }

    private void claim(SqlSession session, String spare, Tenant tenant, Deadline deadline) throws SQLException {
        try {
            if (template.isPlain()) {
                session.run(tenant.claimSql(spare) + tenant.openSql());
                return;
            }
            session.run(tenant.claimSql(spare));
            try (var inside = SqlSession.open(admin.database(tenant.database()), deadline)) {
                inside.run(tenant.takeOverSql() + tenant.openSql());
            }
        } catch (SQLException e) {
            spares.discard(spare);
            throw e;
        }
    }

    /** Drops the database and the role with all it owns. Fine where there is nothing. */
    void remove(SqlSession session, String name, Deadline deadline) throws SQLException {
        var role = exists(session, "pg_roles", "rolname", name);
        if (role) {
            session.run("ALTER ROLE %s NOLOGIN PASSWORD NULL".formatted(identifier(name)));
        }
        if (exists(session, "pg_database", "datname", name)) {
            close(session, name, name, deadline);
            spares.drop(session, spares.putAside(session, name));
        }
        if (role) {
            drop(session, name);
        }
    }

    /**
     * What another worker granted to the role in its own database, or what a reset put aside and is not dropped yet,
     * keeps the role: as one that cannot log in, for the next lessee of this worker to be made anew.
     */
    private static void drop(SqlSession session, String role) throws SQLException {
        try {
            session.run("DROP OWNED BY %1$s; DROP ROLE %1$s".formatted(identifier(role)));
        } catch (SQLException e) {
            if (!STILL_NEEDED.equals(e.getSQLState())) {
                throw e;
            }
        }
    }

    /** Ends every connection to the database and of the role, and lets nobody in any more. */
    private void close(SqlSession session, String database, String role, Deadline deadline) throws SQLException {
        session.run("ALTER DATABASE %s WITH ALLOW_CONNECTIONS false IS_TEMPLATE false".formatted(identifier(database)));
        var end = """
                SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                WHERE (datname = %s OR usename = %s) AND pid <> pg_backend_pid()
                """.formatted(literal(database), literal(role));
        wait.until(
                "the connections to " + database + " to end",
                deadline,
                EVERY,
                reason -> {},
                () -> ended(session, end) ? Answer.ready(true) : Answer.notYet("some are still open"));
    }

    private static boolean ended(SqlSession session, String end) {
        try {
            return session.rows(end).isEmpty();
        } catch (SQLException e) {
            throw SqlFailure.of("Ending connections", e);
        }
    }

    private static boolean exists(SqlSession session, String catalog, String column, String name) throws SQLException {
        return !session.rows("SELECT 1 FROM %s WHERE %s = %s".formatted(catalog, column, literal(name)))
                .isEmpty();
    }
}
