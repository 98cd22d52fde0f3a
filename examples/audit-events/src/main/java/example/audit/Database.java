package example.audit;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Deque;
import org.postgresql.ds.PGSimpleDataSource;

/** Connections to Postgres that are used again, and transactions on them. Thread-safe. */
final class Database implements AutoCloseable {
    /** What is done in one transaction. */
    @FunctionalInterface
    interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    private static final int STATEMENT_SECONDS = 10;

    private final PGSimpleDataSource source = new PGSimpleDataSource();
    private final Deque<Connection> idle = new ArrayDeque<>();

    Database(String jdbcUrl, String user, String password) {
        source.setUrl(jdbcUrl);
        source.setUser(user);
        source.setPassword(password);
        source.setConnectTimeout(STATEMENT_SECONDS);
        source.setSocketTimeout(2 * STATEMENT_SECONDS);
        source.setOptions("-c statement_timeout=%ds".formatted(STATEMENT_SECONDS));
    }

    /** The same, but its tables are in another schema. */
    Database inSchema(String schema) {
        var other = new Database(source.getUrl(), source.getUser(), source.getPassword());
        other.source.setCurrentSchema(schema);
        return other;
    }

    /** Commits what was done, unless it fails. */
    <T> T transaction(Work<T> work) throws SQLException {
        var connection = take();
        try {
            var result = work.on(connection);
            connection.commit();
            giveBack(connection);
            return result;
        } catch (SQLException | RuntimeException e) {
            try {
                connection.rollback();
                giveBack(connection);
            } catch (SQLException broken) {
                connection.close();
                e.addSuppressed(broken);
            }
            throw e;
        }
    }

    /** Statements that are separated by semicolons, in one transaction. */
    void execute(String sql) throws SQLException {
        transaction(connection -> {
            try (var statement = connection.createStatement()) {
                return statement.execute(sql);
            }
        });
    }

    /** The number that a query answers. */
    long number(String sql, Object... parameters) throws SQLException {
        return transaction(connection -> {
            try (var statement = connection.prepareStatement(sql)) {
                for (var index = 0; index < parameters.length; index++) {
                    statement.setObject(index + 1, parameters[index]);
                }
                try (var rows = statement.executeQuery()) {
                    rows.next();
                    return rows.getLong(1);
                }
            }
        });
    }

    private Connection take() throws SQLException {
        synchronized (this) {
            var connection = idle.pollFirst();
            if (connection != null) {
                return connection;
            }
        }
        var connection = source.getConnection();
        connection.setAutoCommit(false);
        return connection;
    }

    private synchronized void giveBack(Connection connection) {
        idle.addFirst(connection);
    }

    @Override
    public synchronized void close() throws SQLException {
        for (var connection : idle) {
            connection.close();
        }
        idle.clear();
    }
}
