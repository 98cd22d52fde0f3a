package example.audit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.StreamEntryID;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.params.XAddParams;
import redis.clients.jedis.params.XAutoClaimParams;
import redis.clients.jedis.params.XClaimParams;
import redis.clients.jedis.params.XReadGroupParams;
import redis.clients.jedis.resps.StreamEntry;

/** Events on their way to Postgres: a Redis stream. What was taken stays in it until it is done, whoever dies meanwhile. */
final class EventQueue {
    private static final String GROUP = "writers";

    private final RedisClient redis;
    private final String name;

    EventQueue(RedisClient redis, String name) {
        this.redis = redis;
        this.name = name;
    }

    /** Makes it, if nobody has. */
    void create() {
        try {
            redis.xgroupCreate(name, GROUP, new StreamEntryID(0, 0), true);
        } catch (JedisDataException e) {
            if (!String.valueOf(e.getMessage()).startsWith("BUSYGROUP")) {
                throw e;
            }
        }
    }

    void send(AuditEvent event) {
        sendFields(event.fields());
    }

    void sendFields(Map<String, String> fields) {
        redis.xadd(name, XAddParams.xAddParams(), fields);
    }

    /** New entries; waits for the first one. */
    List<StreamEntry> take(String instance, int most, Duration wait) {
        var taken = redis.xreadGroup(
                GROUP,
                instance,
                XReadGroupParams.xReadGroupParams().count(most).block((int) wait.toMillis()),
                Map.of(name, StreamEntryID.XREADGROUP_UNDELIVERED_ENTRY));
        var entries = new ArrayList<StreamEntry>();
        if (taken != null) {
            taken.forEach(stream -> entries.addAll(stream.getValue()));
        }
        return entries;
    }

    /** Takes over what has been somebody's for too long. */
    List<StreamEntry> claim(String instance, Duration idle, int most) {
        return redis.xautoclaim(
                        name,
                        GROUP,
                        instance,
                        idle.toMillis(),
                        new StreamEntryID(0, 0),
                        XAutoClaimParams.xAutoClaimParams().count(most))
                .getValue();
    }

    /** Tells other instances that this one still tries. */
    void keep(String instance, StreamEntryID entry) {
        redis.xclaimJustId(name, GROUP, instance, 0, XClaimParams.xClaimParams(), entry);
    }

    void done(List<StreamEntryID> entries) {
        if (!entries.isEmpty()) {
            var ids = entries.toArray(StreamEntryID[]::new);
            redis.xack(name, GROUP, ids);
            redis.xdel(name, ids);
        }
    }

    /** How many are in it, taken or not. */
    long size() {
        return redis.xlen(name);
    }
}
