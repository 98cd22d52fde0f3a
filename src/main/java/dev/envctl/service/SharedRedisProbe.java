package dev.envctl.service;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.readiness.Answer;
import dev.envctl.readiness.Deadline;
import dev.envctl.readiness.Wait;
import java.time.Duration;
import java.util.Optional;
import redis.clients.jedis.exceptions.JedisException;

/**
 * {@code PING} after a login to a server that workers share. While a script of one of them runs nobody else is answered, and only
 * after five seconds Redis lets it be ended: that is done before the silence counts.
 *
 * @param administrator who may end scripts
 * @param limit for all such probes of one server together
 */
public record SharedRedisProbe(RedisAddress address, RedisAddress administrator, Deadline limit) implements Probe {
    private static final Duration PAUSE = Duration.ofMillis(100);

    @Override
    public Answer<Boolean> ask() {
        var probe = new RedisProbe(address);
        var wait = new Wait();
        while (true) {
            var answer = probe.ask();
            if (!(answer instanceof Answer.NotYet<Boolean>) || limit.passed()) {
                return answer;
            }
            var silence = silence(wait);
            if (silence.isPresent()) {
                return Answer.notYet(silence.get());
            }
            wait.pause(PAUSE);
        }
    }

    /** Why the server does not answer its administrator either; empty once no script is in the way. */
    private Optional<String> silence(Wait wait) {
        try (var session = RedisSession.open(administrator, limit.remainingForCall())) {
            new BusyRedis(wait).end("PING as " + administrator, session, limit, session::ping);
            return Optional.empty();
        } catch (JedisException e) {
            return Optional.of("PING as %s: %s".formatted(administrator, RedisProbe.reason(e)));
        } catch (EnvctlException e) {
            if (e.kind() == FailureKind.INTERRUPTED) {
                throw e;
            }
            return Optional.of(e.problem());
        }
    }
}
