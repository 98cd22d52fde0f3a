package dev.envctl.service;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import redis.clients.jedis.exceptions.JedisException;

/**
 * What is in the shared Redis, and who is connected to it.
 *
 * @param clients how many connections each user has, ours not counted
 * @param keys how many each index holds, from 0; an index that holds none is left out
 * @param memory bytes that are used of {@code limit}; a limit of 0 is none
 * @param leak names of a few keys in the reserved index 0
 */
public record RedisUsage(
        Map<String, Integer> clients, Map<Integer, Long> keys, long memory, long limit, List<String> leak) {
    private static final Pattern USER = Pattern.compile("(?:^| )user=(\\S+)");
    private static final Pattern WORKER = Pattern.compile("worker-([1-9]\\d{0,8})");
    private static final Pattern KEYS = Pattern.compile("db(\\d{1,9}):keys=(\\d{1,18}),.*");
    private static final Pattern NUMBER = Pattern.compile("(used_memory|maxmemory):(\\d{1,18})");

    public RedisUsage {
        clients = Map.copyOf(clients);
        keys = Map.copyOf(keys);
        leak = List.copyOf(leak);
    }

    /** Those that have an index with keys or are connected, in order. */
    public SortedSet<Integer> workers() {
        var workers = new TreeSet<>(keys.keySet());
        clients.keySet().stream()
                .map(WORKER::matcher)
                .filter(Matcher::matches)
                .forEach(user -> workers.add(Integer.parseInt(user.group(1))));
        workers.remove(0);
        return workers;
    }

    /** How a worker is called. */
    public static String user(int worker) {
        return RedisRules.user(worker);
    }

    /**
     * Asks as the administrator.
     *
     * @param limit of the connecting and of each answer
     * @throws EnvctlException FAILED with the reason
     */
    public static RedisUsage ask(RedisAddress admin, Duration limit) {
        try (var session = RedisSession.open(admin, limit)) {
            var self = "id=" + session.clientId() + " ";
            var info = session.info("keyspace") + "\n" + session.info("memory");
            var usage = of(session.clientList(), self, info);
            var leak = usage.keys().containsKey(0) ? RedisLeak.some(session) : List.<String>of();
            return new RedisUsage(usage.clients(), usage.keys(), usage.memory(), usage.limit(), leak);
        } catch (JedisException e) {
            throw new EnvctlException(FailureKind.FAILED, "Asking Redis failed: " + RedisProbe.reason(e), "", e);
        }
    }

    /**
     * Reads what Redis says.
     *
     * @param list of {@code CLIENT LIST}
     * @param self how the line of our own connection begins
     * @param info of {@code INFO}
     */
    static RedisUsage of(String list, String self, String info) {
        var clients = list.lines()
                .filter(line -> !line.startsWith(self))
                .map(USER::matcher)
                .filter(Matcher::find)
                .collect(Collectors.toMap(found -> found.group(1), found -> 1, Integer::sum));
        var keys = new HashMap<Integer, Long>();
        var numbers = new HashMap<String, Long>();
        info.lines().map(String::strip).forEach(line -> {
            var database = KEYS.matcher(line);
            if (database.matches()) {
                keys.put(Integer.parseInt(database.group(1)), Long.parseLong(database.group(2)));
            }
            var number = NUMBER.matcher(line);
            if (number.matches()) {
                numbers.put(number.group(1), Long.parseLong(number.group(2)));
            }
        });
        return new RedisUsage(
                clients,
                keys,
                numbers.getOrDefault("used_memory", 0L),
                numbers.getOrDefault("maxmemory", 0L),
                List.of());
    }
}
