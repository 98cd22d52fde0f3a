package dev.envctl.service;

import dev.envctl.readiness.Deadline;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.ds.PGSimpleDataSource;
import org.postgresql.jdbc.PreferQueryMode;

/** A connection that sends text as it is (the simple protocol): several statements in one go are one transaction. */
final class SqlSession implements AutoCloseable {
    /** Before statements that give up where others hold what they need. */
    static final String BRIEFLY = "SET LOCAL lock_timeout = 250;\n";
    /** A day: in milliseconds it is still a whole number of 32 bits. */
    private static final long LONGEST_SECONDS = 86_400;
    /** How much earlier the server gives a statement up than we do: else it would go on for nobody, with what it has locked. */
    private static final int EARLIER_MILLIS = 250;

    private final Connection connection;
    private int statementMillis;

    private SqlSession(Connection connection, int statementMillis) {
        this.connection = connection;
        this.statementMillis = statementMillis;
    }

    static SqlSession open(PostgresAddress address, Deadline deadline) throws SQLException {
        return open(address, deadline.remaining());
    }

    /** @param limit of the connecting and of each answer, rounded up to whole seconds */
    static SqlSession open(PostgresAddress address, Duration limit) throws SQLException {
        var seconds = seconds(limit);
        // Not through DriverManager, which finds only drivers of the class loader it was first used from.
        var source = new PGSimpleDataSource();
        source.setServerNames(new String[] {address.endpoint().host()});
        source.setPortNumbers(new int[] {address.endpoint().port()});
        source.setDatabaseName(address.database());
        source.setUser(address.user());
        source.setPassword(address.password());
        source.setConnectTimeout(seconds);
        source.setSocketTimeout(seconds);
        source.setSslMode("disable");
        source.setGssEncMode("disable");
        source.setPreferQueryMode(PreferQueryMode.SIMPLE);
        source.setApplicationName("envctl");
        // Before all that a worker may have set for the database: a library that is not there fails the connection.
        source.setOptions("-c local_preload_libraries= -c statement_timeout=" + statementMillis(seconds));
        return new SqlSession(source.getConnection(), statementMillis(seconds));
    }

    private static int seconds(Duration limit) {
        return (int) Math.min(LONGEST_SECONDS, Math.max(1, limit.plusMillis(999).toSeconds()));
    }

    private static int statementMillis(int seconds) {
        return millis(seconds) - EARLIER_MILLIS;
    }

    private static int millis(int seconds) {
        return Math.toIntExact(Duration.ofSeconds(seconds).toMillis());
    }

    /** Of the server's process. */
    int pid() throws SQLException {
        return connection.unwrap(PGConnection.class).getBackendPID();
    }

    /** Whether it can be used again; from here on each answer has until the deadline, rounded up to whole seconds. */
    boolean answers(Deadline deadline) {
        try {
            var seconds = seconds(deadline.remaining());
            connection.setNetworkTimeout(Runnable::run, millis(seconds));
            statementMillis = statementMillis(seconds);
            limitStatements(statementMillis);
            return true;
        } catch (SQLException e) {
            return false;
        }
    }

    private void limitStatements(long millis) throws SQLException {
        run("SET statement_timeout = " + millis);
    }

    /** Gives up after this time; false then. For one statement that waits for what others do. */
    boolean runsWithin(Duration limit, String sql) throws SQLException {
        limitStatements(Math.min(limit.toMillis(), statementMillis));
        var done = true;
        try {
            run(sql);
        } catch (SQLException e) {
            if (!SqlFailure.isGivenUp(e)) {
                throw e;
            }
            done = false;
        }
        limitStatements(statementMillis);
        return done;
    }

    void run(String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.setEscapeProcessing(false);
            statement.execute(sql);
        }
    }

    /** Each row as its columns' text, with NULL as the empty text. */
    List<List<String>> rows(String sql) throws SQLException {
        var rows = new ArrayList<List<String>>();
        try (var statement = connection.createStatement();
                var found = statement.executeQuery(sql)) {
            var columns = found.getMetaData().getColumnCount();
            while (found.next()) {
                var row = new ArrayList<String>();
                for (var column = 1; column <= columns; column++) {
                    var value = found.getString(column);
                    row.add(value == null ? "" : value);
                }
                rows.add(row);
            }
        }
        return rows;
    }

    static String identifier(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
