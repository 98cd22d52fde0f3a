package example.audit;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Brings a database to the newest schema; of many instances that start together one does it, and the others wait. */
final class Migrations {
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final String TRY_LOCK = "SELECT pg_try_advisory_xact_lock(hashtext(current_schema()))::int";
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private final Database database;
    private final List<Migration> migrations;
    private final Duration patience;

    /** @param patience how long to wait for another instance, and for tables that are in use */
    Migrations(Database database, List<Migration> migrations, Duration patience) {
        this.database = database;
        this.migrations = List.copyOf(migrations);
        this.patience = patience;
    }

    /**
     * The versions that were missing.
     *
     * @throws SchemaMismatch if it is newer than this release, was changed, or is busy for too long
     */
    List<Integer> run() throws SQLException, InterruptedException {
        var end = System.nanoTime() + patience.toNanos();
        var applied = new ArrayList<Integer>();
        for (var migration : migrations) {
            while (true) {
                var outcome = attempt(migration);
                if (outcome == Outcome.APPLIED) {
                    applied.add(migration.version());
                }
                if (outcome != Outcome.BUSY) {
                    break;
                }
                if (System.nanoTime() > end) {
                    throw new SchemaMismatch(
                            "migration %d has waited %d ms: another instance migrates, or a table is in use"
                                    .formatted(migration.version(), patience.toMillis()));
                }
                Thread.sleep(LOOK.toMillis());
            }
        }
        return applied;
    }

    private enum Outcome {
        APPLIED,
        THERE_ALREADY,
        BUSY
    }

    private Outcome attempt(Migration migration) throws SQLException {
        try {
            return database.transaction(connection -> {
                if (number(connection, TRY_LOCK) == 0) {
                    return Outcome.BUSY;
                }
                var there = check(connection);
                if (there.containsKey(migration.version())) {
                    return Outcome.THERE_ALREADY;
                }
                apply(connection, migration);
                return Outcome.APPLIED;
            });
        } catch (SQLException e) {
            if (LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
                return Outcome.BUSY;
            }
            throw e;
        }
    }

    private Map<Integer, Long> check(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            // Who must wait for a table lets everybody behind him wait too, so not for long.
            statement.execute("SET LOCAL lock_timeout = '50ms'");
            statement.execute("SET LOCAL client_min_messages = warning");
            statement.execute(
                    "CREATE TABLE IF NOT EXISTS versions (version int PRIMARY KEY, name text, checksum bigint)");
        }
        var there = versions(connection);
        for (var version : there.keySet()) {
            var known = migrations.stream()
                    .filter(each -> each.version() == version)
                    .findFirst()
                    .orElseThrow(() -> new SchemaMismatch(
                            "the database has version %d, which this release does not know".formatted(version)));
            if (known.checksum() != there.get(version)) {
                throw new SchemaMismatch("migration %d was changed after it was applied".formatted(version));
            }
        }
        return there;
    }

    private static void apply(Connection connection, Migration migration) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(migration.sql());
        }
        try (var statement = connection.prepareStatement("INSERT INTO versions VALUES (?, ?, ?)")) {
            statement.setInt(1, migration.version());
            statement.setString(2, migration.name());
            statement.setLong(3, migration.checksum());
            statement.executeUpdate();
        }
    }

    /** Checksums by version. */
    private static Map<Integer, Long> versions(Connection connection) throws SQLException {
        var found = new TreeMap<Integer, Long>();
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery("SELECT version, checksum FROM versions")) {
            while (rows.next()) {
                found.put(rows.getInt(1), rows.getLong(2));
            }
        }
        return found;
    }

    private static long number(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
