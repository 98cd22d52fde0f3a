package dev.envctl.service;

import static dev.envctl.service.SqlSession.identifier;
import static dev.envctl.service.SqlSession.literal;

import dev.envctl.readiness.Answer;
import dev.envctl.readiness.Deadline;
import dev.envctl.readiness.Wait;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Gives tenants a database and takes it from them. */
final class TenantDatabases {
    private static final String STILL_NEEDED = "2BP01";
    private static final Duration AGAIN = Duration.ofMillis(2);

    private final PostgresAddress admin;
    private final PostgresTemplate template;
    private final SpareDatabases spares;
    private final RightOfWay way;
    private final Wait wait;

    TenantDatabases(
            PostgresAddress admin, PostgresTemplate template, SpareDatabases spares, RightOfWay way, Wait wait) {
        this.admin = admin;
        this.template = template;
        this.spares = spares;
        this.way = way;
        this.wait = wait;
    }

    /** Makes the role, or resets it, and gives it a pristine database in place of the one it had. */
    void settle(SqlSession session, Tenant tenant, Deadline deadline) throws SQLException {
        var putAside = new ArrayList<String>();
        wait.until(
                "a database for " + tenant.role(),
                deadline,
                AGAIN,
                reason -> {},
                () -> attempt(session, tenant, putAside, deadline));
        open(session, tenant, deadline);
    }

    /** From the beginning each time: that the role is locked out is no reason to leave it so. */
    private Answer<Tenant> attempt(SqlSession session, Tenant tenant, List<String> putAside, Deadline deadline) {
        try {
            replace(session, tenant, putAside, deadline);
            return Answer.ready(tenant);
        } catch (SQLException e) {
            if (SqlFailure.isInUse(e)) {
                return Answer.notYet(SqlFailure.reason(e));
            }
            throw SqlFailure.of("Making the database " + tenant.database(), e);
        }
    }

    private void replace(SqlSession session, Tenant tenant, List<String> putAside, Deadline deadline)
            throws SQLException {
        var eviction = Eviction.of(session, tenant.role(), tenant.database());
        var aside = eviction.run(session, way, spares, wait, deadline);
        aside.ifPresent(name -> {
            putAside.add(name);
            spares.discard(name);
        });
        way.run(session, tenant.roleSql(eviction.role().isPresent()));
        var spare = spares.take();
        if (spare.isEmpty() && !putAside.isEmpty()) {
            // The old and the new one together may be more than there is room for.
            spares.drop(session);
        }
        claim(session, spare.isPresent() ? spare.get() : spares.make(session), tenant);
    }

    private void claim(SqlSession session, String spare, Tenant tenant) throws SQLException {
        try {
            way.run(session, tenant.claimSql(spare));
        } catch (SQLException e) {
            if (SqlFailure.isInUse(e) || SqlFailure.isGivenUp(e)) {
                spares.giveBack(spare);
            } else {
                spares.discard(spare);
            }
            throw e;
        }
    }

    private void open(SqlSession session, Tenant tenant, Deadline deadline) throws SQLException {
        if (template.isPlain()) {
            way.run(session, tenant.openSql());
            return;
        }
        try (var inside = SqlSession.open(admin.database(tenant.database()), deadline)) {
            way.run(inside, tenant.takeOverSql() + tenant.openSql());
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
            session.run(SqlSession.BRIEFLY + tenant.restoreSql());
        }
        return settled;
    }

    /** Drops the database and the role with all it owns. Fine where there is nothing. */
    void remove(SqlSession session, String name, Deadline deadline) throws SQLException {
        var eviction = Eviction.of(session, name, name);
        var aside = eviction.run(session, way, spares, wait, deadline);
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
            session.run(SqlSession.BRIEFLY + "DROP OWNED BY %1$s; DROP ROLE %1$s".formatted(identifier(role)));
        } catch (SQLException e) {
            if (!STILL_NEEDED.equals(e.getSQLState()) && !SqlFailure.isInUse(e)) {
                throw e;
            }
        }
    }
}
