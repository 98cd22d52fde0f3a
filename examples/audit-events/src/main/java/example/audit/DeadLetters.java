package example.audit;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.params.XAddParams;

/** Events that could not be written: kept with the reason, until somebody sends them again or drops them. */
final class DeadLetters {
    /** One of them. The fields are what was sent, which need not be an event. */
    record Letter(StreamEntryID entry, Map<String, String> fields, String reason, int attempts, Instant since) {}

    private static final int MOST = 1000;

    private final RedisClient redis;
    private final String name;
    private final EventQueue queue;

    DeadLetters(RedisClient redis, String name, EventQueue queue) {
        this.redis = redis;
        this.name = name;
        this.queue = queue;
    }

    void add(Map<String, String> sent, String reason, int attempts) {
        var fields = new HashMap<String, String>();
        sent.forEach((key, value) -> fields.put("sent." + key, value));
        fields.put("reason", reason);
        fields.put("attempts", Integer.toString(attempts));
        fields.put("since", Instant.now().toString());
        redis.xadd(name, XAddParams.xAddParams(), fields);
    }

    /** Oldest first. */
    List<Letter> list() {
        return redis.xrange(name, "-", "+", MOST).stream()
                .map(entry -> letter(entry.getID(), entry.getFields()))
                .toList();
    }

    private static Letter letter(StreamEntryID entry, Map<String, String> fields) {
        var sent = new HashMap<String, String>();
        fields.forEach((key, value) -> {
            if (key.startsWith("sent.")) {
                sent.put(key.substring("sent.".length()), value);
            }
        });
        return new Letter(
                entry,
                sent,
                fields.get("reason"),
                Integer.parseInt(fields.get("attempts")),
                Instant.parse(fields.get("since")));
    }

    long size() {
        return redis.xlen(name);
    }

    /** Sends it again, as if it were new. Of two who do it at once, one does. */
    boolean redrive(Letter letter) {
        if (redis.xdel(name, letter.entry()) == 0) {
            return false;
        }
        queue.sendFields(letter.fields());
        return true;
    }

    /** Sends all of them again; how many. */
    int redriveAll() {
        var sent = 0;
        for (var letter : list()) {
            sent += redrive(letter) ? 1 : 0;
        }
        return sent;
    }

    /** Drops it; false if it is gone already. */
    boolean discard(Letter letter) {
        return redis.xdel(name, letter.entry()) == 1;
    }
}
