package example.audit;

import redis.clients.jedis.StreamEntryID;

/**
 * An event that was taken from the queue.
 *
 * @param attempts how often it was tried
 * @param due before this time it is not tried again, as {@link System#nanoTime()} says it
 */
record Delivery(StreamEntryID entry, AuditEvent event, int attempts, long due) {
    boolean isDue(long now) {
        return now - due >= 0;
    }
}
