package dev.envctl.service;

import static dev.envctl.service.SqlSession.identifier;
import static dev.envctl.service.SqlSession.literal;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Copies of the template that have no tenant yet, and databases that have none any more. Nobody can connect to either.
 * A copy is marked as whole last of all; one without the mark was left half-made and is dropped.
 */
final class SpareDatabases {
    private static final String SPARE = "envctl_spare_";
    private static final String GONE = "envctl_gone_";
    private static final int NAME_BYTES = 6;
    /** The {@code datconnlimit} of a database whose drop was not finished: it can only be dropped. */
    private static final int HALF_DROPPED = -2;
    /**
     * From version 15 on {@code DROP DATABASE} waits until every session of the server, whosever it is, has closed the
     * database's files; one whose client does not read its result never does.
     */
    private static final Duration DROPPING = Duration.ofSeconds(2);

    /** A drop waits for a checkpoint too, for which nobody is to be ended. */
    private static final Duration LOCKED = Duration.ofMillis(500);

    private final String template;
    private final String strategy;
    private final RightOfWay way;
    private final SecureRandom random = new SecureRandom();
    private final Queue<String> ready = new ConcurrentLinkedQueue<>();
    private final Queue<String> unwanted = new ConcurrentLinkedQueue<>();

    /** @param strategy of {@code CREATE DATABASE}: FILE_COPY or WAL_LOG */
    SpareDatabases(String template, String strategy, RightOfWay way) {
        this.template = template;
        this.strategy = strategy;
        this.way = way;
    }

    /** Finds what an earlier owner of the server left. Once, before anything else. */
    void adopt(SqlSession session) throws SQLException {
        for (var row : session.rows("""
                SELECT datname, shobj_description(oid, 'pg_database'), datconnlimit = %d FROM pg_database
                WHERE starts_with(datname, '%s') OR starts_with(datname, '%s')
                """.formatted(HALF_DROPPED, SPARE, GONE))) {
            var name = row.get(0);
            var whole = row.get(1).equals(mark()) && row.get(2).equals("f");
            (name.startsWith(SPARE) && whole ? ready : unwanted).add(name);
        }
    }

    Optional<String> take() {
        return Optional.ofNullable(ready.poll());
    }

    /** What was taken and could not be claimed, as it was: whole, and the last to be taken. */
    void giveBack(String name) {
        ready.add(name);
    }

    int ready() {
        return ready.size();
    }

    /** Makes one more, to be taken by anybody. */
    void add(SqlSession session) throws SQLException {
        ready.add(make(session));
    }

    /** Makes one for the caller alone. */
    String make(SqlSession session) throws SQLException {
        var name = name(SPARE);
        try {
            session.run("CREATE DATABASE %s TEMPLATE %s STRATEGY %s ALLOW_CONNECTIONS false"
                    .formatted(identifier(name), identifier(template), strategy));
            session.run("""
                    REVOKE ALL ON DATABASE %1$s FROM PUBLIC;
                    COMMENT ON DATABASE %1$s IS %2$s;
                    """.formatted(identifier(name), literal(mark())));
        } catch (SQLException e) {
            unwanted.add(name);
            throw e;
        }
        return name;
    }

    /** To be dropped some time; fine where it is not there. */
    void discard(String name) {
        unwanted.add(name);
    }

    /**
     * Takes a database that nobody is connected to, or can connect to, from its owner: a drop that is not finished leaves
     * nothing that its name could be taken from.
     *
     * @return what it is called from then on, to be dropped or discarded
     */
    String putAside(SqlSession session, String database) throws SQLException {
        var name = name(GONE);
        way.run(session, """
                ALTER DATABASE %1$s RENAME TO %2$s;
                ALTER DATABASE %2$s OWNER TO CURRENT_USER;
                """.formatted(identifier(database), identifier(name)));
        return name;
    }

    /** Drops what nobody needs any more; false where one is held up, as all others would be: they wait for the next call. */
    boolean drop(SqlSession session) throws SQLException {
        for (var name = unwanted.poll(); name != null; name = unwanted.poll()) {
            if (!drop(session, name)) {
                return false;
            }
        }
        return true;
    }

    /** Drops one, or leaves it to {@link #drop(SqlSession)} where it is held up for longer than a moment; false then. */
    boolean drop(SqlSession session, String name) throws SQLException {
        var dropped = false;
        try {
            var sql = "DROP DATABASE IF EXISTS %s WITH (FORCE)".formatted(identifier(name));
            dropped = way.run(session, LOCKED, waiting -> waiting.runsWithin(DROPPING, sql));
        } finally {
            if (!dropped) {
                unwanted.add(name);
            }
        }
        return dropped;
    }

    /** Why databases are not dropped although it was tried for so long. */
    EnvctlException heldUp(SqlSession session, Duration limit) throws SQLException {
        var sessions = session.rows("""
                SELECT pid, coalesce(usename, backend_type), coalesce(wait_event, 'no event') FROM pg_stat_activity
                WHERE pid <> pg_backend_pid() AND (wait_event = 'ClientWrite' OR pid IN (
                  SELECT pid FROM pg_locks JOIN pg_database ON objid = oid
                  WHERE classid = 'pg_database'::regclass
                    AND (starts_with(datname, '%s') OR starts_with(datname, '%s'))))
                ORDER BY pid
                """.formatted(SPARE, GONE)).stream()
                .map(row -> "that of %s with pid %s (waits for %s)".formatted(row.get(1), row.get(0), row.get(2)))
                .toList();
        return new EnvctlException(
                FailureKind.TIMEOUT,
                "Postgres could not drop databases that nobody needs for %d s, because a session does not let it: %s."
                        .formatted(
                                limit.toSeconds(),
                                sessions.isEmpty() ? "it does not say which" : String.join(", ", sessions)),
                "ClientWrite says that a client does not read its result: end it, or reset its lease.");
    }

    private String name(String prefix) {
        var bytes = new byte[NAME_BYTES];
        random.nextBytes(bytes);
        return prefix + HexFormat.of().formatHex(bytes);
    }

    private String mark() {
        return "envctl: copy of " + template;
    }
}
