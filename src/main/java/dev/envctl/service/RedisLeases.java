package dev.envctl.service;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.readiness.Deadline;
import dev.envctl.readiness.Wait;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Protocol;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.params.ClientKillParams;

/**
 * Issues leases in Redis: an index of the shared server, or with {@code isolation: instance} a server each. May be
 * called for different workers at the same time. Users live in the server's memory, like all its data: after a restart
 * of the server, a reset makes the worker's user again.
 */
public final class RedisLeases {

    private final RedisService service;
    private final ServiceEndpoint shared;
    private final List<ServiceEndpoint> instances;
    private final RedisModules modules = new RedisModules();
    private final BusyRedis busy = new BusyRedis(new Wait());
    private final RandomPassword passwords = new RandomPassword(new SecureRandom());

    /** @param instances of the workers from 1 on; none where all share one server */
    public RedisLeases(RedisService service, ServiceEndpoint shared, List<ServiceEndpoint> instances) {
        this.service = service;
        this.shared = shared;
        this.instances = List.copyOf(instances);
    }

    /** Makes a user with a new password and an empty database for each, whatever the worker had before. */
    public List<RedisLease> issue(List<Lessee> lessees, Deadline deadline) {
        var leases = new ArrayList<RedisLease>();
        for (var lessee : lessees) {
            var place = place(lessee.worker());
            var user = RedisRules.user(lessee.worker());
            var address = new RedisAddress(place.endpoint(), user, passwords.next(), place.database());
            settle(lessee, place, address.password(), deadline);
            leases.add(new RedisLease(
                    lessee.worker(), address, address.at(place.inCluster()), place.channelPrefix(), lessee.name()));
        }
        return leases;
    }

    /** Ends the worker's connections and empties its database; user, password and address stay. */
    public void reset(Lessee lessee, String password, Deadline deadline) {
        settle(lessee, place(lessee.worker()), password, deadline);
    }

    /** Ends the worker's connections, and removes its user and its data. Fine where there is nothing. */
    public void release(int worker, Deadline deadline) {
        var place = place(worker);
        changing("Releasing the Redis lease of worker " + worker, place.endpoint(), deadline, session -> {
            // Ends its connections too.
            session.aclDelUser(RedisRules.user(worker));
            place.empty(session);
            return worker;
        });
    }

    /** What was written without a lease. Cheap enough to be asked every few seconds. */
    public RedisLeak leaks(Deadline deadline) {
        return session("Looking at Redis index 0", shared, deadline, session -> {
            var keys = session.dbSize();
            return new RedisLeak(keys, keys == 0 ? List.of() : RedisLeak.some(session));
        });
    }

    private void settle(Lessee lessee, RedisPlace place, String password, Deadline deadline) {
        var user = RedisRules.user(lessee.worker());
        changing("Making Redis user " + user, place.endpoint(), deadline, session -> {
            session.sendCommand(
                    Protocol.Command.ACL,
                    Stream.concat(Stream.of("SETUSER", user), place.rules(password, session).stream())
                            .toArray(String[]::new));
            session.clientKill(ClientKillParams.clientKillParams().user(user));
            place.empty(session);
            return user;
        });
    }

    private RedisPlace place(int worker) {
        if (instances.isEmpty()) {
            refuseSharing(worker, service.databases());
            return new RedisPlace.Index(worker, shared, modules);
        }
        if (worker > instances.size()) {
            throw new EnvctlException(
                    FailureKind.USAGE,
                    "Redis has %d servers, one for each of workers.count, and none for worker %d."
                            .formatted(instances.size(), worker),
                    "Set workers.count to at least %d, or services.redis.isolation to index.".formatted(worker));
        }
        return new RedisPlace.Instance(worker, instances.get(worker - 1));
    }

    /** Index 0 is reserved: every connection starts there, so what is found in it was written without a lease. */
    private static void refuseSharing(int worker, int databases) {
        if (worker >= databases) {
            throw new EnvctlException(
                    FailureKind.USAGE,
                    "Worker %d + 1 reserved (index 0) = %d, but Redis has %d databases."
                            .formatted(worker, worker + 1, databases),
                    "Set services.redis.databases to at least %d.".formatted(worker + 1));
        }
    }

    /** For what cannot wait until other workers' scripts are done. */
    private <T> T changing(String what, ServiceEndpoint endpoint, Deadline deadline, Function<Jedis, T> work) {
        return session(
                what, endpoint, deadline, session -> busy.end(what, session, deadline, () -> work.apply(session)));
    }

    private <T> T session(String what, ServiceEndpoint endpoint, Deadline deadline, Function<Jedis, T> work) {
        try (var session = RedisSession.open(service.admin(endpoint), deadline.remainingForCall())) {
            return work.apply(session);
        } catch (JedisException e) {
            throw new EnvctlException(FailureKind.FAILED, "%s failed: %s".formatted(what, RedisProbe.reason(e)), "", e);
        }
    }
}
