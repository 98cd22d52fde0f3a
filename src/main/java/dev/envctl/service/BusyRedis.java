package dev.envctl.service;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.readiness.Deadline;
import dev.envctl.readiness.Wait;
import java.time.Duration;
import java.util.function.Supplier;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.exceptions.JedisBusyException;
import redis.clients.jedis.exceptions.JedisDataException;

/**
 * A server that refuses everything because a script has been running for seconds. Scripts that do not end belong to one
 * worker and would keep the leases of all, so they are ended.
 */
final class BusyRedis {
    private static final Duration PAUSE = Duration.ofMillis(100);

    private final Wait wait;

    BusyRedis(Wait wait) {
        this.wait = wait;
    }

    /**
     * Repeats the work, all of it, until no script is in its way.
     *
     * @throws EnvctlException TIMEOUT where a script cannot be ended in time
     */
    <T> T end(String what, Jedis session, Deadline deadline, Supplier<T> work) {
        while (true) {
            try {
                return work.get();
            } catch (JedisBusyException e) {
                var unkillable = !kill(session);
                if (deadline.remaining().compareTo(PAUSE) <= 0) {
                    throw refused(what, unkillable, e);
                }
            }
            wait.pause(PAUSE);
        }
    }

    /** Whether there is nothing left to be ended, or will be in a moment. */
    private static boolean kill(Jedis session) {
        try {
            session.scriptKill();
            return true;
        } catch (JedisBusyException e) {
            // A function, which only a worker with a server of its own can have.
            return killFunction(session);
        } catch (JedisDataException e) {
            return !isUnkillable(e);
        }
    }

    private static boolean killFunction(Jedis session) {
        try {
            session.functionKill();
            return true;
        } catch (JedisDataException e) {
            return !isUnkillable(e);
        }
    }

    /** NOTBUSY is the other answer: it has ended by itself. */
    private static boolean isUnkillable(JedisDataException refusal) {
        return String.valueOf(refusal.getMessage()).startsWith("UNKILLABLE");
    }

    private static EnvctlException refused(String what, boolean unkillable, JedisBusyException busy) {
        return new EnvctlException(
                FailureKind.TIMEOUT,
                what
                        + (unkillable
                                ? " failed: a script keeps Redis busy, and Redis ends no script that has written already."
                                : " failed: scripts that workers start again and again keep Redis busy."),
                "End the test that runs it; if it goes on, run `envctl up --recreate`.",
                busy);
    }
}
