package dev.envctl.service;

import static dev.envctl.service.SqlSession.identifier;
import static dev.envctl.service.SqlSession.literal;

import dev.envctl.readiness.Deadline;
import dev.envctl.readiness.Wait;
import java.sql.SQLException;

/** Gives tenants a database and takes it from them. */
final class TenantDatabases {
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
        var eviction = Eviction.of(session, tenant.role(), tenant.database());
        var aside = eviction.run(session, admin, spares, wait, deadline);
        aside.ifPresent(spares::discard);
        session.run(tenant.roleSql(eviction.role().isPresent()));
        if (!takeSpare(session, tenant)) {
            if (aside.isPresent()) {
                // The old and the new one together may be more than there is room for.
                spares.drop(session);
            }
            claim(session, spares.make(session), tenant);
        }
        open(session, tenant, deadline);
    }

    /**
     * False where there is none, or where others hold all: a role that sets something for itself in a database, whosever that is,
     * keeps its name until the end of the transaction.
     */
    private boolean takeSpare(SqlSession session, Tenant tenant) throws SQLException {
        for (var spare = spares.take(); spare.isPresent(); spare = spares.take()) {
            try {
                claim(session, spare.get(), tenant);
                return true;
            } catch (SQLException e) {
                if (!SqlFailure.isInUse(e)) {
                    throw e;
                }
            }
        }
        return false;
    }

    private void claim(SqlSession session, String spare, Tenant tenant) throws SQLException {
        try {
            session.run(Eviction.BRIEFLY + tenant.claimSql(spare));
        } catch (SQLException e) {
            spares.discard(spare);
            throw e;
        }
    }

    private void open(SqlSession session, Tenant tenant, Deadline deadline) throws SQLException {
        if (template.isPlain()) {
            session.run(tenant.openSql());
            return;
        }
        try (var inside = SqlSession.open(admin.database(tenant.database()), deadline)) {
            inside.run(tenant.takeOverSql() + tenant.openSql());
        }
    }

    /** Whether it was settled to the end: a database gets its owner last of all. */
    boolean isSettled(SqlSession session, Tenant tenant) throws SQLException {
        return !session.rows(
                        "SELECT 1 FROM pg_database JOIN pg_roles r ON r.oid = datdba WHERE datname = %s AND rolname = %s"
                                .formatted(literal(tenant.database()), literal(tenant.role())))
                .isEmpty();
    }

    /** Lets the tenant in again; false where there is no database that is its own. */
    boolean restore(SqlSession session, Tenant tenant) throws SQLException {
        var settled = isSettled(session, tenant);
        if (settled) {
            session.run(Eviction.BRIEFLY + tenant.restoreSql());
        }
        return settled;
    }

    /** Drops the database and the role with all it owns. Fine where there is nothing. */
    void remove(SqlSession session, String name, Deadline deadline) throws SQLException {
        var eviction = Eviction.of(session, name, name);
        var aside = eviction.run(session, admin, spares, wait, deadline);
        if (aside.isPresent()) {
            spares.drop(session, aside.get());
        }
        if (eviction.role().isPresent()) {
            drop(session, name);
        }
    }

    /**
     * What another worker granted to the role in its own database, or grants it at this moment, or what was put aside and
     * is not dropped yet, keeps the role: as one that cannot log in, for the next lessee of this worker to be made anew.
     */
    private static void drop(SqlSession session, String role) throws SQLException {
        try {
            session.run(Eviction.BRIEFLY + "DROP OWNED BY %1$s; DROP ROLE %1$s".formatted(identifier(role)));
        } catch (SQLException e) {
            if (!STILL_NEEDED.equals(e.getSQLState()) && !SqlFailure.isInUse(e)) {
                throw e;
            }
        }
    }
}
