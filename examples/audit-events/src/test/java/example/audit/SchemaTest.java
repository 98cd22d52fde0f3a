package example.audit;

import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;

/** Migrates a schema of its own, which is empty when a test begins. */
abstract class SchemaTest extends AuditTest {
    private Database schema;

    @BeforeEach
    void emptySchema() throws Exception {
        var name = name("migration").replace('-', '_');
        database().execute("DROP SCHEMA IF EXISTS %1$s CASCADE; CREATE SCHEMA %1$s".formatted(name));
        closing(() -> database().execute("DROP SCHEMA %s CASCADE".formatted(name)));
        schema = closing(database().inSchema(name));
    }

    Database schema() {
        return schema;
    }

    List<Integer> migrate(Migration... more) throws Exception {
        return migrate(Duration.ofSeconds(10), more);
    }

    /** To this release, and what comes after it. */
    List<Integer> migrate(Duration patience, Migration... more) throws Exception {
        return new Migrations(schema, released(more), patience).run();
    }

    static List<Migration> released(Migration... more) {
        return Stream.concat(Migration.released().stream(), Stream.of(more)).toList();
    }

    CompletableFuture<List<Integer>> migrating(Migration... more) {
        return inBackground(() -> migrate(more));
    }

    /** Does something in a transaction that stays open for so long; returns when it is done. */
    CompletableFuture<Void> holding(String sql, Duration time) throws Exception {
        return holding(sql, statement -> statement.execute("SELECT pg_sleep(%s)".formatted(time.toMillis() / 1000.0)));
    }

    /** The same until it is let go. */
    CompletableFuture<Void> holding(String sql, CompletableFuture<Void> release) throws Exception {
        var holding = holding(sql, statement -> release.join());
        closing(() -> release.complete(null));
        return holding;
    }

    private interface Rest {
        void with(Statement statement) throws SQLException;
    }

    private CompletableFuture<Void> holding(String sql, Rest rest) throws Exception {
        var done = new CountDownLatch(1);
        var holding = this.<Void>inBackground(() -> schema.transaction(connection -> {
            try (var statement = connection.createStatement()) {
                statement.execute(sql);
                done.countDown();
                rest.with(statement);
                return null;
            } finally {
                done.countDown();
            }
        }));
        done.await();
        return holding;
    }

    /** The service on this schema. */
    AuditService migratedService() {
        return closing(new AuditService(schema, redis(), name("audit"), Settings.DEFAULT));
    }

    long events() throws SQLException {
        return new EventRepository(schema).count();
    }

    long column(String name) throws SQLException {
        return schema.number(
                "SELECT count(*) FROM information_schema.columns WHERE table_schema = current_schema() AND column_name = ?",
                name);
    }

    /** Old events, of before there was a severity. Every fourth is a deletion. */
    void oldEvents(int count) throws SQLException {
        new EventRepository(schema).addTenant(tenant());
        schema.execute("""
                INSERT INTO events (id, tenant, actor, action, target, at)
                SELECT 'old-' || n, '%s', 'ada', CASE WHEN n %% 4 = 0 THEN 'delete' ELSE 'login' END, 'door', now()
                FROM generate_series(1, %d) AS n""".formatted(tenant(), count));
    }
}
