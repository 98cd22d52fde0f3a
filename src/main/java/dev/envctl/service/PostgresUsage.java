package dev.envctl.service;

import dev.envctl.EnvctlException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;

/**
 * Who is connected to Postgres.
 *
 * @param connections all that are open, the one that asks included
 * @param limit {@code max_connections}
 * @param workers by index, from 1
 */
public record PostgresUsage(int connections, int limit, Map<Integer, Role> workers) {
    private static final String WORKER = "worker_";

    /** What a worker has open of what it may. */
    public record Role(int connections, int limit) {}

    public PostgresUsage {
        workers = Map.copyOf(workers);
    }

    /**
     * Asks as any role may.
     *
     * @param limit of the connecting and of each answer, rounded up to whole seconds
     * @throws EnvctlException FAILED with Postgres' own words
     */
    public static PostgresUsage ask(PostgresAddress address, Duration limit) {
        try (var session = SqlSession.open(address, limit)) {
            var all = session.rows("""
                            SELECT count(usename), current_setting('max_connections') FROM pg_stat_activity""").get(0);
            var workers = new TreeMap<Integer, Role>();
            for (var row : session.rows("""
                    SELECT rolname, count(pid), rolconnlimit
                    FROM pg_roles LEFT JOIN pg_stat_activity ON usename = rolname
                    WHERE rolname ~ '^%s[0-9]{1,9}$' GROUP BY rolname, rolconnlimit""".formatted(WORKER))) {
                var index = Integer.parseInt(row.get(0).substring(WORKER.length()));
                workers.put(index, new Role(Integer.parseInt(row.get(1)), Integer.parseInt(row.get(2))));
            }
            return new PostgresUsage(Integer.parseInt(all.get(0)), Integer.parseInt(all.get(1)), workers);
        } catch (SQLException e) {
            throw SqlFailure.of("Asking Postgres who is connected", e);
        }
    }
}
