package example.audit;

import java.time.Duration;

/**
 * How the service takes its time.
 *
 * @param batch so many events are written at once
 * @param flush so long an event may wait for others to be written together with it
 * @param poll so long one look at the queue waits for something to come
 * @param count how often new events are counted
 * @param attempts how often an event is tried before it is a dead letter
 * @param retry the pause before the second attempt; each further one is twice as long
 * @param claim an event that another instance has taken, and not tried for so long, is taken over
 * @param quiet a stopping service has drained its queue when nothing has come for so long
 * @param drain after so long a stopping service leaves the rest to the next one
 */
record Settings(
        int batch,
        Duration flush,
        Duration poll,
        Duration count,
        int attempts,
        Duration retry,
        Duration claim,
        Duration quiet,
        Duration drain) {
    static final Settings DEFAULT = new Settings(
            50,
            Duration.ofMillis(200),
            Duration.ofMillis(50),
            Duration.ofMillis(250),
            3,
            Duration.ofMillis(100),
            Duration.ofMillis(500),
            Duration.ofMillis(200),
            Duration.ofMillis(1500));

    Settings withBatch(int other) {
        return new Settings(other, flush, poll, count, attempts, retry, claim, quiet, drain);
    }

    Settings withFlush(Duration other) {
        return new Settings(batch, other, poll, count, attempts, retry, claim, quiet, drain);
    }

    Settings withAttempts(int other) {
        return new Settings(batch, flush, poll, count, other, retry, claim, quiet, drain);
    }

    Settings withRetry(Duration other) {
        return new Settings(batch, flush, poll, count, attempts, other, claim, quiet, drain);
    }

    Settings withDrain(Duration other) {
        return new Settings(batch, flush, poll, count, attempts, retry, claim, quiet, other);
    }
}
