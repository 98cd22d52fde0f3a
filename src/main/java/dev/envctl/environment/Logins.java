package dev.envctl.environment;

import dev.envctl.readiness.Answer;
import dev.envctl.readiness.Deadline;
import dev.envctl.service.PostgresAddress;
import dev.envctl.service.PostgresProbe;
import dev.envctl.service.Probe;
import dev.envctl.service.RedisAddress;
import dev.envctl.service.RedisProbe;
import dev.envctl.service.ServiceEndpoint;
import dev.envctl.service.SharedRedisProbe;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The logins that an environment handed out for good: its own and those of its fixed leases. */
record Logins(List<Login> all) {
    /**
     * One of them.
     *
     * @param worker whose lease it is of; 0 for the environment's own
     * @param part what of the lease can be mended by itself; empty where all that share the service are broken with it
     */
    record Login(int worker, Optional<Leases.Part> part, Probe probe) {}

    /**
     * One that does not work.
     *
     * @param unknown whether the service answers, and does not know it
     */
    record Broken(Login login, String reason, boolean unknown) {}

    Logins {
        all = List.copyOf(all);
    }

    /** @param scripts for how long workers' scripts may keep the Redis that they share from answering, all in all */
    static Logins of(HandOff handOff, Deadline scripts) {
        var all = new ArrayList<Login>();
        var services = handOff.services();
        var shared = services.redis();
        postgres(services.postgres()).ifPresent(probe -> all.add(new Login(0, Optional.empty(), probe)));
        redis(shared, shared, scripts).ifPresent(probe -> all.add(new Login(0, Optional.empty(), probe)));
        for (var worker : handOff.workers()) {
            WorkerLease.read(Path.of(worker.file())).ifPresent(lease -> {
                postgres(lease.postgres())
                        .ifPresent(
                                probe -> all.add(new Login(worker.index(), Optional.of(Leases.Part.POSTGRES), probe)));
                redis(lease.redis(), shared, scripts)
                        .ifPresent(
                                probe -> all.add(new Login(worker.index(), ownServer(shared, lease.redis()), probe)));
            });
        }
        return new Logins(all);
    }

    /** No worker can change its user in Redis: one that is gone went with the data of all that share the server. */
    private static Optional<Leases.Part> ownServer(HandOff.@Nullable Redis shared, HandOff.@Nullable Redis own) {
        return shared != null && own != null && shared.port() != own.port()
                ? Optional.of(Leases.Part.REDIS)
                : Optional.empty();
    }

    private static Optional<Probe> postgres(HandOff.@Nullable Postgres postgres) {
        return Optional.ofNullable(postgres)
                .map(found -> new PostgresProbe(new PostgresAddress(
                        new ServiceEndpoint(found.host(), found.port()),
                        found.user(),
                        found.password(),
                        found.database())));
    }

    private static Optional<Probe> redis(
            HandOff.@Nullable Redis redis, HandOff.@Nullable Redis shared, Deadline scripts) {
        if (redis == null) {
            return Optional.empty();
        }
        // The environment's own login may do everything.
        return Optional.of(
                shared == null || ownServer(shared, redis).isPresent()
                        ? new RedisProbe(address(redis))
                        : new SharedRedisProbe(address(redis), address(shared), scripts));
    }

    private static RedisAddress address(HandOff.Redis redis) {
        // Users are the server's, so no index is selected.
        return new RedisAddress(new ServiceEndpoint(redis.host(), redis.port()), redis.user(), redis.password(), 0);
    }

    /**
     * Why the first does not work that cannot be mended; empty where all such do. A service may be whole and have lost its
     * users.
     */
    Optional<String> refused() {
        for (var login : all) {
            var reason = login.part().isEmpty() ? reason(login.probe().ask()) : Optional.<String>empty();
            if (reason.isPresent()) {
                return reason.map(text -> login.worker() == 0
                        ? text
                        : "the lease of worker %d does not work: %s".formatted(login.worker(), text));
            }
        }
        return Optional.empty();
    }

    /** Those that can be mended and do not work. */
    List<Broken> broken() {
        var broken = new ArrayList<Broken>();
        for (var login : all) {
            if (login.part().isPresent()) {
                var answer = login.probe().ask();
                reason(answer)
                        .ifPresent(text -> broken.add(new Broken(login, text, answer instanceof Answer.Hopeless<?>)));
            }
        }
        return broken;
    }

    /** Empty where it works. */
    static Optional<String> reason(Answer<Boolean> answer) {
        if (answer instanceof Answer.NotYet<Boolean> notYet) {
            return Optional.of(notYet.reason());
        }
        return answer instanceof Answer.Hopeless<Boolean> hopeless
                ? Optional.of(hopeless.failure().problem())
                : Optional.empty();
    }
}
