package dev.envctl.environment;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.Progress;
import dev.envctl.kubernetes.KubernetesApi;
import dev.envctl.readiness.Deadline;
import dev.envctl.service.Lessee;
import dev.envctl.service.PostgresLeases;
import dev.envctl.service.PostgresProbe;
import dev.envctl.service.PostgresService;
import dev.envctl.service.RedisLeases;
import dev.envctl.service.RedisService;
import dev.envctl.service.ServiceCredentials;
import dev.envctl.service.ServiceEndpoint;
import dev.envctl.spec.EnvironmentSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Gives fixed leases back the logins that do not work any more. A worker may change its own password, and its own server may
 * have been restarted: neither is a reason to remove what is everybody's. What it has in Postgres stays.
 */
final class MendLogins {
    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final EnvironmentSpec spec;
    private final HandOff handOff;
    private final ServiceCredentials credentials;
    private final Progress progress;

    private MendLogins(EnvironmentSpec spec, HandOff handOff, ServiceCredentials credentials, Progress progress) {
        this.spec = spec;
        this.handOff = handOff;
        this.credentials = credentials;
        this.progress = progress;
    }

    /**
     * Mends what it can, and tells how the rest can be healed.
     *
     * @return why the environment cannot be taken over; empty where it can
     */
    static Optional<String> run(
            Logins logins,
            EnvironmentSpec spec,
            HandOff handOff,
            KubernetesApi api,
            Progress progress,
            Deadline deadline) {
        var refused = logins.refused();
        var broken = refused.isPresent() ? List.<Logins.Broken>of() : logins.broken();
        if (broken.isEmpty()) {
            return refused;
        }
        // Those that are silent are asked one after the other: the deadline may be over by now.
        var credentials = ServiceCredentials.stored(api, Deadline.in(LIMIT));
        var mend = new MendLogins(spec, handOff, credentials, progress);
        return broken.stream().flatMap(one -> mend.mend(one, deadline).stream()).findFirst();
    }

    private Optional<String> mend(Logins.Broken broken, Deadline deadline) {
        var worker = broken.login().worker();
        var lease = handOff.workers().stream()
                .filter(found -> found.index() == worker)
                .flatMap(found -> WorkerLease.read(Path.of(found.file())).stream())
                .findFirst();
        var problem = broken.reason();
        try {
            var refused = lease.flatMap(found -> restore(broken, found, deadline));
            if (refused.isPresent()) {
                return refused;
            }
            problem = Logins.reason(broken.login().probe().ask()).orElse("");
        } catch (EnvctlException e) {
            if (e.kind() == FailureKind.INTERRUPTED) {
                throw e;
            }
            problem = e.problem();
        }
        if (problem.isEmpty()) {
            progress.note(
                    "A login of worker %d did not work, and was given back: %s".formatted(worker, broken.reason()));
        } else {
            progress.warn("A login of worker %1$d does not work: %2$s. `envctl worker reset %1$d` heals its lease."
                    .formatted(worker, problem));
        }
        return Optional.empty();
    }

    private Optional<String> restore(Logins.Broken broken, WorkerLease lease, Deadline deadline) {
        var limit = deadline.atMost(LIMIT);
        var lessee = new Lessee(lease.worker(), lease.label());
        if (lease.postgres() != null && broken.login().part().equals(Optional.of(Leases.Part.POSTGRES))) {
            return restorePostgres(lessee, lease.postgres(), limit);
        }
        // A server that does not answer may still have its user, and its data.
        if (lease.redis() != null && broken.unknown()) {
            restoreRedis(lessee, lease.redis(), limit);
        }
        return Optional.empty();
    }

    private Optional<String> restorePostgres(Lessee lessee, HandOff.Postgres own, Deadline limit) {
        var settings = spec.postgres().orElseThrow();
        var service = new PostgresService(settings, credentials);
        var endpoint = new ServiceEndpoint(own.host(), own.port());
        var superuser = Logins.reason(new PostgresProbe(service.admin(endpoint)).ask());
        if (superuser.isPresent()) {
            return superuser;
        }
        try (var leases = new PostgresLeases(service, settings, endpoint)) {
            return leases.restore(lessee, own.password(), spec.workers().connections(), limit)
                    ? Optional.empty()
                    : Optional.of("the database of worker %d is gone".formatted(lessee.worker()));
        }
    }

    private void restoreRedis(Lessee lessee, HandOff.Redis own, Deadline limit) {
        var instances = handOff.workers().stream()
                .flatMap(worker -> WorkerLease.read(Path.of(worker.file())).stream())
                .flatMap(lease -> Optional.ofNullable(lease.redis()).stream())
                .map(redis -> new ServiceEndpoint(redis.host(), redis.port()))
                .toList();
        new RedisLeases(
                        new RedisService(spec.redis().orElseThrow(), credentials),
                        new ServiceEndpoint(own.host(), own.port()),
                        instances)
                .reset(lessee, own.password(), limit);
    }
}
