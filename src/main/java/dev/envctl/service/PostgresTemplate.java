package dev.envctl.service;

import static dev.envctl.service.SqlSession.identifier;
import static dev.envctl.service.SqlSession.literal;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.readiness.Answer;
import dev.envctl.readiness.Deadline;
import dev.envctl.readiness.Wait;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;

/**
 * The database that all others are copies of.
 *
 * <p>Without SQL of the user's it is Postgres' own {@code template0}. With such SQL it is named by the SQL's hash, and
 * marked as a template last of all: a template that is not marked was left half-made and is made anew. Nobody may
 * connect to it, because a database that is connected to cannot be copied.
 */
final class PostgresTemplate {
    static final String PREFIX = "envctl_template_";
    /**
     * Runs the user's SQL and so owns what that makes, until {@code REASSIGN OWNED} hands each copy to its worker
     * (Postgres refuses to reassign what the first superuser owns). A superuser only meanwhile, and never a login.
     */
    static final String OWNER = "envctl_owner";

    private final PostgresAddress admin;
    private final List<SqlFile> files;
    private final Wait wait;

    PostgresTemplate(PostgresAddress admin, List<SqlFile> files, Wait wait) {
        this.admin = admin;
        this.files = List.copyOf(files);
        this.wait = wait;
    }

    boolean isPlain() {
        return files.isEmpty();
    }

    String name() {
        return isPlain() ? "template0" : PREFIX + hash();
    }

    /** Makes it, unless it is there and whole. */
    void prepare(SqlSession session, Deadline deadline) throws SQLException {
        if (isPlain()) {
            return;
        }
        var found = session.rows("SELECT datistemplate FROM pg_database WHERE datname = " + literal(name()));
        if (found.equals(List.of(List.of("t")))) {
            return;
        }
        var name = identifier(name());
        session.run("DROP DATABASE IF EXISTS " + name);
        session.run("CREATE DATABASE " + name + " TEMPLATE template0");
        session.run(become("SUPERUSER"));
        runFiles(deadline);
        session.run(become("NOSUPERUSER"));
        left(session, deadline);
        session.run("REVOKE ALL ON DATABASE %s FROM PUBLIC".formatted(name));
        session.run("ALTER DATABASE %s WITH ALLOW_CONNECTIONS false IS_TEMPLATE true".formatted(name));
    }

    private static String become(String right) {
        return """
                DO $$ BEGIN
                  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '%1$s') THEN CREATE ROLE %1$s NOLOGIN; END IF;
                  ALTER ROLE %1$s %2$s;
                END $$""".formatted(OWNER, right);
    }

    private void runFiles(Deadline deadline) throws SQLException {
        try (var session = SqlSession.open(admin.database(name()), deadline)) {
            for (var file : files) {
                session.run("SET ROLE " + OWNER);
                try {
                    session.run(file.text());
                } catch (SQLException e) {
                    throw SqlFailure.in(file, e);
                }
                forget(session, file);
            }
        }
    }

    /** What one file set, such as its search path, is not there for the next. */
    private static void forget(SqlSession session, SqlFile file) throws SQLException {
        try {
            session.run("DISCARD ALL");
        } catch (SQLException e) {
            if ("25001".equals(e.getSQLState()) || "25P02".equals(e.getSQLState())) {
                throw new EnvctlException(
                        FailureKind.FAILED, file.path() + " leaves a transaction open.", "End it with COMMIT.", e);
            }
            throw e;
        }
    }

    /** The server notices a closed connection a moment later; to copy before would cost a poll of 100 ms. */
    private void left(SqlSession session, Deadline deadline) {
        wait.until(
                "the template database to be left",
                deadline,
                Duration.ofMillis(5),
                reason -> {},
                () -> isLeft(session) ? Answer.ready(true) : Answer.notYet("a connection to it is still open"));
    }

    private boolean isLeft(SqlSession session) {
        try {
            return session.rows("SELECT 1 FROM pg_stat_activity WHERE datname = " + literal(name()))
                    .isEmpty();
        } catch (SQLException e) {
            throw SqlFailure.of("Looking who uses the template database", e);
        }
    }

    private String hash() {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            for (var file : files) {
                digest.update(file.text().getBytes(UTF_8));
                digest.update((byte) 0);
            }
            return HexFormat.of().formatHex(digest.digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
