package dev.envctl.service;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.readiness.Answer;
import java.sql.SQLException;
import java.time.Duration;

/** {@code SELECT 1} on a database; that others have all its connections is an answer too. */
public record PostgresProbe(PostgresAddress address) implements Probe {
    private static final Duration LIMIT = Duration.ofSeconds(2);

    @Override
    public Answer<Boolean> ask() {
        try (var session = SqlSession.open(address, LIMIT)) {
            session.rows("SELECT 1");
            return Answer.ready(true);
        } catch (SQLException e) {
            if (SqlFailure.isTooManyConnections(e)) {
                return Answer.ready(true);
            }
            var reason = "SELECT 1 as %s: %s".formatted(address, SqlFailure.reason(e));
            return SqlFailure.isWrongPassword(e)
                    ? Answer.hopeless(new EnvctlException(
                            FailureKind.FAILED,
                            "Postgres refuses the password that this environment has for it. " + reason,
                            "Run `envctl up --recreate`.",
                            e))
                    : Answer.notYet(reason);
        }
    }
}
