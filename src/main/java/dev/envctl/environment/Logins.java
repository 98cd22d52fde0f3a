package dev.envctl.environment;

import dev.envctl.readiness.Answer;
import dev.envctl.service.PostgresAddress;
import dev.envctl.service.PostgresProbe;
import dev.envctl.service.Probe;
import dev.envctl.service.RedisAddress;
import dev.envctl.service.RedisProbe;
import dev.envctl.service.ServiceEndpoint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The logins that an environment handed out for good: its own and those of its fixed leases. */
record Logins(List<Login> all) {
    /** @param whose such as {@code worker 2}; empty for the environment's own */
    record Login(String whose, Probe probe) {}

    Logins {
        all = List.copyOf(all);
    }

    static Logins of(HandOff handOff) {
        var all = new ArrayList<Login>();
        add(all, "", handOff.services().postgres(), handOff.services().redis());
        for (var worker : handOff.workers()) {
            WorkerLease.read(Path.of(worker.file()))
                    .ifPresent(lease -> add(all, "worker " + worker.index(), lease.postgres(), lease.redis()));
        }
        return new Logins(all);
    }

    private static void add(
            List<Login> all, String whose, HandOff.@Nullable Postgres postgres, HandOff.@Nullable Redis redis) {
        if (postgres != null) {
            var endpoint = new ServiceEndpoint(postgres.host(), postgres.port());
            all.add(new Login(
                    whose,
                    new PostgresProbe(
                            new PostgresAddress(endpoint, postgres.user(), postgres.password(), postgres.database()))));
        }
        if (redis != null) {
            // Users are the server's, so no index is selected.
            var endpoint = new ServiceEndpoint(redis.host(), redis.port());
            all.add(new Login(whose, new RedisProbe(new RedisAddress(endpoint, redis.user(), redis.password(), 0))));
        }
    }

    /** Why the first that does not work does not; empty where all do. A service may be whole and have lost its users. */
    Optional<String> refused() {
        for (var login : all) {
            var reason = reason(login.probe().ask());
            if (reason.isPresent()) {
                return reason.map(text -> login.whose().isEmpty()
                        ? text
                        : "the lease of %s does not work: %s".formatted(login.whose(), text));
            }
        }
        return Optional.empty();
    }

    private static Optional<String> reason(Answer<Boolean> answer) {
        if (answer instanceof Answer.NotYet<Boolean> notYet) {
            return Optional.of(notYet.reason());
        }
        return answer instanceof Answer.Hopeless<Boolean> hopeless
                ? Optional.of(hopeless.failure().problem())
                : Optional.empty();
    }
}
