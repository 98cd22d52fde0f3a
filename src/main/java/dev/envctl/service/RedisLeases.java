package dev.envctl.service;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.readiness.Deadline;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.ClientKillParams;

/**
 * Issues leases in Redis. Users live in the server's memory, like all its data: after a restart of Redis the leases
 * must be issued anew.
 */
public final class RedisLeases {
    private final RedisAddress admin;
    private final RandomPassword passwords = new RandomPassword(new SecureRandom());

    public RedisLeases(RedisService service, ServiceEndpoint endpoint) {
        this.admin = service.admin(endpoint);
    }

    /** Makes the users of the workers 1 to {@code count}, or gives them new passwords; keeps their data. */
    public List<RedisLease> issue(int count, Deadline deadline) {
        try (var session = RedisSession.open(admin, deadline.remainingForCall())) {
            return issue(session, IntStream.rangeClosed(1, count).boxed().toList());
        } catch (JedisException e) {
            throw failed("Issuing the Redis leases", e);
        }
    }

    /** Empties a worker's database and gives it a new password; ends its connections. */
    public RedisLease reset(int worker, Deadline deadline) {
        try (var session = RedisSession.open(admin, deadline.remainingForCall())) {
            var lease = issue(session, List.of(worker)).get(0);
            session.clientKill(ClientKillParams.clientKillParams().user(RedisRules.user(worker)));
            session.select(worker);
            session.flushDB();
            return lease;
        } catch (JedisException e) {
            throw failed("Resetting the Redis lease of worker " + worker, e);
        }
    }

    private List<RedisLease> issue(Jedis session, List<Integer> workers) {
        refuseSharing(session, workers);
        var leases = new ArrayList<RedisLease>();
        var pipeline = session.pipelined();
        for (var worker : workers) {
            var password = passwords.next();
            pipeline.sendCommand(Protocol.Command.ACL, setUser(worker, password));
            var address = new RedisAddress(admin.endpoint(), RedisRules.user(worker), password, worker);
            leases.add(new RedisLease(
                    worker, address, address.at(RedisService.inCluster()), RedisRules.channelPrefix(worker)));
        }
        for (var answer : pipeline.syncAndReturnAll()) {
            if (answer instanceof JedisException refused) {
                throw refused;
            }
        }
        return leases;
    }

    private static String[] setUser(int worker, String password) {
        return Stream.concat(Stream.of("SETUSER", RedisRules.user(worker)), RedisRules.of(worker, password).stream())
                .toArray(String[]::new);
    }

    /** Index 0 is reserved: every connection starts there, so what is found in it was written without a lease. */
    private static void refuseSharing(Jedis session, List<Integer> workers) {
        var databases = Integer.parseInt(session.configGet("databases").getOrDefault("databases", "0"));
        var highest = workers.stream().mapToInt(Integer::intValue).max().orElse(0);
        if (highest >= databases) {
            throw new EnvctlException(
                    FailureKind.USAGE,
                    "Redis has %d databases, too few for worker %d (0 is reserved).".formatted(databases, highest),
                    "Set services.redis.databases to at least %d.".formatted(highest + 1));
        }
    }

    private static EnvctlException failed(String what, JedisException failure) {
        return new EnvctlException(
                FailureKind.FAILED, "%s failed: %s".formatted(what, RedisProbe.reason(failure)), "", failure);
    }
}
