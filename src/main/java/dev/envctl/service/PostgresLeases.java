package dev.envctl.service;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.readiness.Deadline;
import dev.envctl.readiness.Wait;
import dev.envctl.spec.PostgresSpec;
import dev.envctl.spec.Storage;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Issues leases in Postgres. Needs version 15 or newer. One object for one server; calls are serialised. */
public final class PostgresLeases {
    /** More copies at once only wait for each other's disk or memory. */
    private static final int AT_ONCE = 4;

    private final PostgresAddress admin;
    private final PostgresAddress app;
    private final PostgresTemplate template;
    private final String strategy;
    private final RandomPassword passwords = new RandomPassword(new SecureRandom());

    /** Fails as the constructor would: for those who want to know before there is a server. */
    public static void requireReadable(PostgresSpec spec) {
        SqlFile.read(spec.init());
    }

    /** Fails with kind USAGE where the files of {@code services.postgres.init} cannot be read. */
    public PostgresLeases(PostgresService service, PostgresSpec spec, ServiceEndpoint endpoint) {
        this.admin = service.admin(endpoint);
        this.app = service.app(endpoint);
        this.template = new PostgresTemplate(admin, SqlFile.read(spec.init()), new Wait());
        // Copied files must reach the disk at once; without fsync they need not.
        this.strategy = spec.storage() == Storage.MEMORY ? "FILE_COPY" : "WAL_LOG";
    }

    /**
     * Runs the user's SQL, makes the services' own database and one for each of the workers 1 to {@code count}.
     * Whole copies of the present template are kept with what is in them, all else is copied anew; every worker gets a
     * new password.
     *
     * @param connections how many each worker may hold
     */
    public synchronized List<PostgresLease> issue(int count, int connections, Deadline deadline) {
        var tenants = IntStream.rangeClosed(1, count)
                .mapToObj(worker -> Tenant.worker(worker, passwords.next(), connections))
                .collect(Collectors.toCollection(ArrayList::new));
        tenants.add(new Tenant(app.user(), app.password(), app.database(), -1));
        try (var session = SqlSession.open(admin, deadline)) {
            template.prepare(session, deadline);
            settle(session, tenants, deadline);
        } catch (SQLException e) {
            throw SqlFailure.of("Issuing the Postgres leases", e);
        }
        return IntStream.rangeClosed(1, count)
                .mapToObj(worker -> lease(worker, tenants.get(worker - 1)))
                .toList();
    }

    /** Gives a worker a fresh copy of the template and a new password; ends its connections. */
    public synchronized PostgresLease reset(int worker, int connections, Deadline deadline) {
        var tenant = Tenant.worker(worker, passwords.next(), connections);
        try (var session = SqlSession.open(admin, deadline)) {
            template.prepare(session, deadline);
            session.run(tenant.dropSql());
            settle(session, List.of(tenant), deadline);
        } catch (SQLException e) {
            throw SqlFailure.of("Resetting the Postgres lease of worker " + worker, e);
        }
        return lease(worker, tenant);
    }

    private PostgresLease lease(int worker, Tenant tenant) {
        var address = new PostgresAddress(admin.endpoint(), tenant.role(), tenant.password(), tenant.database());
        return new PostgresLease(worker, address, address.at(PostgresService.inCluster()));
    }

    private void settle(SqlSession session, List<Tenant> tenants, Deadline deadline) throws SQLException {
        var roles = session.rows("SELECT rolname FROM pg_roles").stream()
                .map(row -> row.get(0))
                .collect(Collectors.toSet());
        var marks = marks(session);
        session.run("REVOKE CONNECT ON DATABASE postgres, template1 FROM PUBLIC;\n"
                + tenants.stream()
                        .map(tenant -> tenant.roleSql(roles.contains(tenant.role())))
                        .collect(Collectors.joining()));
        var missing = new ArrayList<Tenant>();
        for (var tenant : tenants) {
            var mark = marks.get(tenant.database());
            if (!Tenant.mark(template.name()).equals(mark)) {
                missing.add(tenant);
            }
        }
        copy(missing, marks, deadline);
        if (!missing.isEmpty()) {
            session.run(missing.stream()
                    .map(tenant -> tenant.sealSql(template.name()))
                    .collect(Collectors.joining()));
        }
    }

    /** Every database with its comment. */
    private static Map<String, String> marks(SqlSession session) throws SQLException {
        var marks = new HashMap<String, String>();
        for (var row : session.rows("SELECT datname, shobj_description(oid, 'pg_database') FROM pg_database")) {
            marks.put(row.get(0), row.get(1));
        }
        return marks;
    }

    private void copy(List<Tenant> missing, Map<String, String> present, Deadline deadline) {
        var executor = Executors.newFixedThreadPool(AT_ONCE);
        try {
            var shares = new ArrayList<Future<?>>();
            for (var first = 0; first < Math.min(AT_ONCE, missing.size()); first++) {
                var share = everyFrom(missing, first);
                shares.add(executor.submit(() -> copyShare(share, present, deadline)));
            }
            for (var share : shares) {
                share.get();
            }
        } catch (ExecutionException e) {
            throw e.getCause() instanceof EnvctlException failure
                    ? failure
                    : new IllegalStateException("copying databases failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EnvctlException(FailureKind.INTERRUPTED, "Issuing the leases was interrupted.", "", e);
        } finally {
            executor.shutdownNow();
        }
    }

    private static List<Tenant> everyFrom(List<Tenant> tenants, int first) {
        return IntStream.iterate(first, index -> index < tenants.size(), index -> index + AT_ONCE)
                .mapToObj(tenants::get)
                .toList();
    }

    private void copyShare(List<Tenant> share, Map<String, String> present, Deadline deadline) {
        try (var session = SqlSession.open(admin, deadline)) {
            for (var tenant : share) {
                if (present.containsKey(tenant.database())) {
                    session.run(tenant.dropSql());
                }
                session.run(tenant.createSql(template.name(), strategy));
                if (!template.isPlain()) {
                    takeOver(tenant, deadline);
                }
            }
        } catch (SQLException e) {
            throw SqlFailure.of("Copying the template database", e);
        }
    }

    private void takeOver(Tenant tenant, Deadline deadline) throws SQLException {
        try (var session = SqlSession.open(admin.database(tenant.database()), deadline)) {
            session.run(tenant.takeOverSql());
        }
    }
}
