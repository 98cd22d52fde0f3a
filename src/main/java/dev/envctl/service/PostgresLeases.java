package dev.envctl.service;

import static dev.envctl.service.SqlSession.identifier;
import static dev.envctl.service.SqlSession.literal;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.readiness.Deadline;
import dev.envctl.readiness.Wait;
import dev.envctl.spec.PostgresSpec;
import dev.envctl.spec.Storage;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.postgresql.util.PasswordUtil;

/**
 * Issues leases in Postgres. Needs version 15 or newer. One object for one server; may be called for different workers
 * at the same time. A lease that is neither reset nor released stays as it is.
 */
public final class PostgresLeases implements AutoCloseable {
    private static final int SALT_BYTES = 16;
    /** How long drops are tried, in rounds, before it is told who holds them up. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static final Duration PAUSE = Duration.ofMillis(500);

    private final PostgresAddress admin;
    private final PostgresAddress app;
    private final PostgresTemplate template;
    private final SpareDatabases spares;
    private final TenantDatabases databases;
    private final AdminSessions sessions;
    private final Room room;
    private final Wait wait = new Wait();
    private final SecureRandom random = new SecureRandom();
    private final RandomPassword passwords = new RandomPassword(random);
    private boolean prepared;

    /** Fails as the constructor would: for those who want to know before there is a server. */
    public static void requireReadable(PostgresSpec spec) {
        SqlFile.read(spec.init());
    }

    /** Fails with kind USAGE where the files of {@code services.postgres.init} cannot be read. */
    public PostgresLeases(PostgresService service, PostgresSpec spec, ServiceEndpoint endpoint) {
        this.admin = service.admin(endpoint);
        this.app = service.app(endpoint);
        this.template = new PostgresTemplate(admin, SqlFile.read(spec.init()), wait);
        // Copied files must reach the disk at once; without fsync they need not.
        var way = new RightOfWay(admin);
        this.spares =
                new SpareDatabases(template.name(), spec.storage() == Storage.MEMORY ? "FILE_COPY" : "WAL_LOG", way);
        this.databases = new TenantDatabases(admin, template, spares, way, wait);
        this.sessions = new AdminSessions(admin);
        this.room = Room.of(spec);
    }

    /**
     * Makes a role with a new password and a pristine database for each, whatever the worker had before. The first call
     * also runs the user's SQL and makes the services' own database.
     *
     * @param connections how many each worker may hold
     */
    public List<PostgresLease> issue(List<Lessee> lessees, int connections, Deadline deadline) {
        prepare(deadline);
        var leases = new ArrayList<PostgresLease>();
        var tenants = new ArrayList<Tenant>();
        for (var lessee : lessees) {
            var tenant = Tenant.worker(lessee, passwords.next(), connections);
            var address = new PostgresAddress(admin.endpoint(), tenant.role(), tenant.password(), tenant.database());
            leases.add(new PostgresLease(lessee.worker(), address, address.at(PostgresService.inCluster())));
            tenants.add(tenant);
        }
        settle(tenants, deadline);
        return leases;
    }

    /**
     * Ends the worker's connections and gives it a pristine database; role, password and address stay. Takes a spare
     * where there is one, and leaves the old database to {@link #replenish}.
     */
    public void reset(Lessee lessee, String password, int connections, Deadline deadline) {
        prepare(deadline);
        settle(List.of(Tenant.worker(lessee, password, connections)), deadline);
    }

    /**
     * Lets a worker into its database again with this password, whatever it has changed of its own; all it has made stays.
     *
     * @return false where it has no database
     */
    public boolean restore(Lessee lessee, String password, int connections, Deadline deadline) {
        var tenant = Tenant.worker(lessee, password, connections);
        return sessions.run(
                "Restoring the login of worker " + lessee.worker(),
                deadline,
                session -> databases.restore(session, tenant));
    }

    /** Ends the worker's connections and drops its database and its role. Fine where there is nothing. */
    public void release(int worker, Deadline deadline) {
        sessions.run("Releasing the Postgres lease of worker " + worker, deadline, session -> {
            databases.remove(session, Tenant.name(worker), deadline);
            return worker;
        });
    }

    /**
     * Drops the databases that resets have put aside, and makes spares as long as there is room, also while a drop is held
     * up. For a thread in the background, of which there is one: it holds up no other call.
     *
     * @param wanted how many spares there should be
     * @return how many there are
     */
    public int replenish(int wanted, Deadline deadline) {
        prepare(deadline);
        var patience = deadline.atMost(PATIENCE);
        while (!sessions.run("Making spare databases", deadline, session -> replenish(session, wanted, patience))) {
            wait.pause(PAUSE);
        }
        return spares.ready();
    }

    /** @return whether nothing is left to be dropped */
    private boolean replenish(SqlSession session, int wanted, Deadline patience) throws SQLException {
        var dropped = spares.drop(session);
        while (spares.ready() < wanted && room.holdsOneMore(session, template.name())) {
            spares.add(session);
        }
        if (!dropped && patience.passed()) {
            throw spares.heldUp(session, patience.limit());
        }
        return dropped;
    }

    /** Ends the sessions that are kept for the next call. The leases stay. */
    @Override
    public void close() {
        sessions.close();
    }

    private synchronized void prepare(Deadline deadline) {
        if (!prepared) {
            sessions.run("Preparing the Postgres leases", deadline, session -> {
                prepare(session, deadline);
                return true;
            });
            prepared = true;
        }
    }

    private void prepare(SqlSession session, Deadline deadline) throws SQLException {
        template.prepare(session, deadline);
        session.run("REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC");
        session.run(quickLogin());
        spares.adopt(session);
        var own = new Tenant(app.user(), app.password(), app.database(), "envctl-app", -1);
        if (!databases.isSettled(session, own)) {
            databases.settle(session, own, deadline);
        }
    }

    /**
     * The superuser logs in to every new database, and hashing its password 4096 times took more of the primary's processor
     * time than all else of a lease. That number is to slow the guessing of passwords that people choose; nobody guesses
     * a random one. Workers' roles keep it, because some clients refuse less.
     */
    private String quickLogin() {
        var salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        return "ALTER ROLE %s PASSWORD %s"
                .formatted(
                        identifier(admin.user()),
                        literal(PasswordUtil.encodeScramSha256(admin.password().toCharArray(), 1, salt)));
    }

    private void settle(List<Tenant> tenants, Deadline deadline) {
        if (tenants.size() == 1) {
            settle(tenants.get(0), deadline);
            return;
        }
        var executor = Executors.newFixedThreadPool(AdminSessions.AT_ONCE);
        try {
            var settled = new ArrayList<Future<?>>();
            for (var tenant : tenants) {
                settled.add(executor.submit(() -> settle(tenant, deadline)));
            }
            for (var one : settled) {
                one.get();
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof EnvctlException failure
                    ? failure
                    : new IllegalStateException("making a database failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EnvctlException(FailureKind.INTERRUPTED, "Making databases was interrupted.", "", e);
        } finally {
            executor.shutdownNow();
        }
    }

    private void settle(Tenant tenant, Deadline deadline) {
        sessions.run("Making the database " + tenant.database(), deadline, session -> {
            databases.settle(session, tenant, deadline);
            return tenant;
        });
    }
}
