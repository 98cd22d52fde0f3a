package example.audit;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/** Counts events by tenant, action and hour, each once: from time to time, those that are new. */
final class Counter {
    private static final String ADD = """
            INSERT INTO counts SELECT tenant, action, date_trunc('hour', at AT TIME ZONE 'UTC') AT TIME ZONE 'UTC', count(*)
            FROM events WHERE sequence > ? AND sequence <= ? GROUP BY 1, 2, 3
            ON CONFLICT (tenant, action, hour) DO UPDATE SET events = counts.events + excluded.events""";
    private static final String OF_HOURS = """
            SELECT hour, sum(events) FROM counts WHERE tenant = ? AND hour >= ? AND hour < ? GROUP BY hour ORDER BY hour""";
    private static final String OF_ACTIONS = """
            SELECT action, sum(events) FROM counts WHERE tenant = ? GROUP BY action ORDER BY 2 DESC, action""";

    private final Database database;

    Counter(Database database) {
        this.database = database;
    }

    /** Counts what has come since the last time; of two that do it at once, the second waits. */
    void run() throws SQLException {
        database.transaction(connection -> {
            if (newest(connection) > counted(connection)) {
                // Behind those who write just now, because their events have older numbers than others that are there.
                execute(connection, "LOCK TABLE counted IN EXCLUSIVE MODE; LOCK TABLE events IN SHARE MODE");
                var from = counted(connection);
                var to = newest(connection);
                update(connection, ADD, from, to);
                update(connection, "DELETE FROM counted");
                update(connection, "INSERT INTO counted VALUES (?)", to);
            }
            return null;
        });
    }

    /** Counts everything again from the events that there are. */
    void recount() throws SQLException {
        database.transaction(connection -> {
            execute(connection, "LOCK TABLE counted IN EXCLUSIVE MODE");
            update(connection, "DELETE FROM counts");
            return update(connection, "DELETE FROM counted");
        });
        run();
    }

    /** Of each hour that has some, from one time to before another. */
    Map<Instant, Long> perHour(String tenant, Instant from, Instant to) throws SQLException {
        return database.transaction(connection -> {
            try (var statement = connection.prepareStatement(OF_HOURS)) {
                statement.setString(1, tenant);
                statement.setTimestamp(2, Timestamp.from(from.truncatedTo(ChronoUnit.HOURS)));
                statement.setTimestamp(3, Timestamp.from(to));
                var found = new LinkedHashMap<Instant, Long>();
                try (var rows = statement.executeQuery()) {
                    while (rows.next()) {
                        found.put(rows.getTimestamp(1).toInstant(), rows.getLong(2));
                    }
                }
                return found;
            }
        });
    }

    /** Of each action, the most frequent first. */
    Map<String, Long> perAction(String tenant) throws SQLException {
        return database.transaction(connection -> {
            try (var statement = connection.prepareStatement(OF_ACTIONS)) {
                statement.setString(1, tenant);
                var found = new LinkedHashMap<String, Long>();
                try (var rows = statement.executeQuery()) {
                    while (rows.next()) {
                        found.put(rows.getString(1), rows.getLong(2));
                    }
                }
                return found;
            }
        });
    }

    long total(String tenant) throws SQLException {
        return perAction(tenant).values().stream().mapToLong(Long::longValue).sum();
    }

    private static long newest(Connection connection) throws SQLException {
        return number(connection, "SELECT coalesce(max(sequence), 0) FROM events");
    }

    private static long counted(Connection connection) throws SQLException {
        return number(connection, "SELECT coalesce(max(up_to), 0) FROM counted");
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static int update(Connection connection, String sql, Object... values) throws SQLException {
        try (var statement = connection.prepareStatement(sql)) {
            for (var index = 0; index < values.length; index++) {
                statement.setObject(index + 1, values[index]);
            }
            return statement.executeUpdate();
        }
    }

    private static long number(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
