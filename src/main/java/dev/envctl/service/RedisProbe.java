package dev.envctl.service;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.readiness.Answer;
import java.time.Duration;
import redis.clients.jedis.exceptions.JedisAccessControlException;
import redis.clients.jedis.exceptions.JedisException;

/** {@code PING} after a login. */
public record RedisProbe(RedisAddress address) implements Probe {
    private static final Duration LIMIT = Duration.ofSeconds(2);

    @Override
    public Answer<Boolean> ask() {
        try (var session = RedisSession.open(address, LIMIT)) {
            session.ping();
            return Answer.ready(true);
        } catch (JedisAccessControlException e) {
            return Answer.hopeless(new EnvctlException(
                    FailureKind.FAILED,
                    "Redis refuses the password that this environment has for it. PING as %s: %s"
                            .formatted(address, reason(e)),
                    "Run `envctl up --recreate`.",
                    e));
        } catch (JedisException e) {
            return Answer.notYet("PING as %s: %s".formatted(address, reason(e)));
        }
    }

    /** Jedis wraps what the network said, and hides refused connections among the suppressed. */
    static String reason(JedisException failure) {
        Throwable innermost = failure;
        while (innermost.getCause() != null || innermost.getSuppressed().length > 0) {
            var cause = innermost.getCause();
            innermost = cause == null ? innermost.getSuppressed()[0] : cause;
        }
        var message = innermost.getMessage();
        return message == null ? innermost.getClass().getSimpleName() : message.strip();
    }
}
