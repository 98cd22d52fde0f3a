package example.audit;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Events and their tenants in Postgres. */
final class EventRepository {
    private static final String INSERT = """
            INSERT INTO events (id, tenant, actor, action, target, at, severity)
            VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING""";
    static final String COLUMNS = "id, tenant, actor, action, target, at";

    private final Database database;

    EventRepository(Database database) {
        this.database = database;
    }

    /** Fine when it is there already. */
    void addTenant(String tenant) throws SQLException {
        database.transaction(connection -> {
            try (var statement = connection.prepareStatement("INSERT INTO tenants VALUES (?) ON CONFLICT DO NOTHING")) {
                statement.setString(1, tenant);
                return statement.executeUpdate();
            }
        });
    }

    /** All or none; how many were new. */
    int add(List<AuditEvent> events) throws SQLException {
        return database.transaction(connection -> {
            try (var statement = connection.prepareStatement(INSERT)) {
                for (var event : events) {
                    statement.setString(1, event.id());
                    statement.setString(2, event.tenant());
                    statement.setString(3, event.actor());
                    statement.setString(4, event.action());
                    statement.setString(5, event.target());
                    statement.setTimestamp(6, Timestamp.from(event.at()));
                    statement.setString(7, event.severity());
                    statement.addBatch();
                }
                var added = 0;
                for (var rows : statement.executeBatch()) {
                    added += rows;
                }
                return added;
            }
        });
    }

    Optional<AuditEvent> find(String id) throws SQLException {
        return database.transaction(connection -> {
            try (var statement = connection.prepareStatement("SELECT " + COLUMNS + " FROM events WHERE id = ?")) {
                statement.setString(1, id);
                try (var rows = statement.executeQuery()) {
                    return rows.next() ? Optional.of(event(rows)) : Optional.empty();
                }
            }
        });
    }

    /** Of all tenants. */
    long count() throws SQLException {
        return database.number("SELECT count(*) FROM events");
    }

    long count(String tenant) throws SQLException {
        return database.number("SELECT count(*) FROM events WHERE tenant = ?", tenant);
    }

    /** Removes what is older than a tenant wants to keep; how many. */
    int purge(String tenant, Instant before) throws SQLException {
        return database.transaction(connection -> {
            try (var statement = connection.prepareStatement("DELETE FROM events WHERE tenant = ? AND at < ?")) {
                statement.setString(1, tenant);
                statement.setTimestamp(2, Timestamp.from(before));
                return statement.executeUpdate();
            }
        });
    }

    /** Takes the person out of what a tenant keeps, and leaves what was done; how many events. */
    int forget(String tenant, String actor) throws SQLException {
        return database.transaction(connection -> {
            try (var statement = connection.prepareStatement(
                    "UPDATE events SET actor = 'forgotten' WHERE tenant = ? AND actor = ?")) {
                statement.setString(1, tenant);
                statement.setString(2, actor);
                return statement.executeUpdate();
            }
        });
    }

    static AuditEvent event(ResultSet row) throws SQLException {
        return new AuditEvent(
                row.getString("id"),
                row.getString("tenant"),
                row.getString("actor"),
                row.getString("action"),
                row.getString("target"),
                row.getTimestamp("at").toInstant());
    }
}
