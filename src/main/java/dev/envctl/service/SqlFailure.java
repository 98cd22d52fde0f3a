package dev.envctl.service;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.postgresql.util.PSQLException;

/** Failures of Postgres in words. */
final class SqlFailure {
    private static final String DISK_FULL = "53100";
    private static final String WRONG_PASSWORD = "28P01";
    private static final String TOO_MANY_CONNECTIONS = "53300";
    private static final String GIVEN_UP = "57014";
    /**
     * lock_not_available, object_in_use, deadlock_detected; object_not_in_prerequisite_state and undefined_object, of a
     * prepared transaction that is being ended or is gone; and what has no state of its own: two at once change the same role
     * or database, and the first ends before the second.
     */
    private static final Set<String> IN_USE = Set.of("55P03", "55006", "40P01", "55000", "42704", "XX000");

    private SqlFailure() {}

    /** Postgres' own message with its SQLSTATE, on one line. */
    static String reason(SQLException failure) {
        var said = failure instanceof PSQLException psql ? psql.getServerErrorMessage() : null;
        // The driver puts advice in front of what the network said.
        var bare = failure.getCause() == null
                ? failure.getMessage()
                : failure.getCause().getMessage();
        var text = said == null || said.getMessage() == null ? bare : said.getMessage();
        var line = String.valueOf(text).strip().replaceAll("\\s*\\R\\s*", "; ");
        return said == null ? line : "%s (SQLSTATE %s)".formatted(line, failure.getSQLState());
    }

    static boolean isWrongPassword(SQLException failure) {
        return WRONG_PASSWORD.equals(failure.getSQLState());
    }

    /** The server answers, and has no connection left for now. */
    static boolean isTooManyConnections(SQLException failure) {
        return TOO_MANY_CONNECTIONS.equals(failure.getSQLState());
    }

    /** The server did not come to the end of it in time. */
    static boolean isGivenUp(SQLException failure) {
        return GIVEN_UP.equals(failure.getSQLState());
    }

    /** Others use or change just what was to be changed: it may succeed in a moment. */
    static boolean isInUse(SQLException failure) {
        return IN_USE.contains(String.valueOf(failure.getSQLState()));
    }

    /** @param what as it reads before "failed" */
    static EnvctlException of(String what, SQLException failure) {
        return new EnvctlException(
                FailureKind.FAILED, "%s failed: %s".formatted(what, reason(failure)), remedy(failure), failure);
    }

    /** Names the file, the line where Postgres knows it, and what Postgres adds as detail, hint and context. */
    static EnvctlException in(SqlFile file, SQLException failure) {
        var said = failure instanceof PSQLException psql ? psql.getServerErrorMessage() : null;
        var details = new ArrayList<String>();
        if (said != null) {
            add(details, "detail", said.getDetail());
            add(details, "hint", said.getHint());
            add(details, "where", said.getWhere());
        }
        var remedy = remedy(failure);
        return new EnvctlException(
                FailureKind.FAILED,
                "%s: %s".formatted(file.place(said == null ? 0 : said.getPosition()), reason(failure)),
                remedy.isEmpty() ? "Correct the file. It runs as one transaction, as the superuser." : remedy,
                details,
                failure);
    }

    private static void add(List<String> details, String name, @org.jspecify.annotations.Nullable String text) {
        if (text != null && !text.isBlank()) {
            text.lines().forEach(line -> details.add(name + ": " + line));
        }
    }

    private static String remedy(SQLException failure) {
        return DISK_FULL.equals(failure.getSQLState())
                ? "Raise services.postgres.resources.memory (half of it holds the data), or use `storage: disk`."
                : "";
    }
}
