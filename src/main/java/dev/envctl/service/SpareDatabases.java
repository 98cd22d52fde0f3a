package dev.envctl.service;

import static dev.envctl.service.SqlSession.identifier;
import static dev.envctl.service.SqlSession.literal;

import java.security.SecureRandom;
import java.sql.SQLException;
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

    private final String template;
    private final String strategy;
    private final SecureRandom random = new SecureRandom();
    private final Queue<String> ready = new ConcurrentLinkedQueue<>();
    private final Queue<String> unwanted = new ConcurrentLinkedQueue<>();

    /** @param strategy of {@code CREATE DATABASE}: FILE_COPY or WAL_LOG */
    SpareDatabases(String template, String strategy) {
        this.template = template;
        this.strategy = strategy;
    }

    /** Finds what an earlier owner of the server left. Once, before anything else. */
    void adopt(SqlSession session) throws SQLException {
        for (var row : session.rows("""
                SELECT datname, shobj_description(oid, 'pg_database') FROM pg_database
                WHERE starts_with(datname, '%s') OR starts_with(datname, '%s')
                """.formatted(SPARE, GONE))) {
            var name = row.get(0);
            (name.startsWith(SPARE) && row.get(1).equals(mark()) ? ready : unwanted).add(name);
        }
    }

    Optional<String> take() {
        return Optional.ofNullable(ready.poll());
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

    /** Takes a database that nobody is connected to, or can connect to, from its owner. */
    void putAside(SqlSession session, String database) throws SQLException {
        var name = name(GONE);
        session.run("""
                ALTER DATABASE %1$s RENAME TO %2$s;
                ALTER DATABASE %2$s OWNER TO CURRENT_USER;
                """.formatted(identifier(database), identifier(name)));
        unwanted.add(name);
    }

    /** Drops what nobody needs any more. */
    void drop(SqlSession session) throws SQLException {
        for (var name = unwanted.poll(); name != null; name = unwanted.poll()) {
            try {
                session.run("DROP DATABASE IF EXISTS %s WITH (FORCE)".formatted(identifier(name)));
            } catch (SQLException e) {
                unwanted.add(name);
                throw e;
            }
        }
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
