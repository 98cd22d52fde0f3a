package dev.envctl.environment;

import dev.envctl.EnvctlException;
import dev.envctl.kubernetes.Kubeconfig;
import dev.envctl.kubernetes.KubernetesApi;
import dev.envctl.readiness.Deadline;
import dev.envctl.service.PostgresLeases;
import dev.envctl.service.PostgresService;
import dev.envctl.service.RedisLeases;
import dev.envctl.service.RedisService;
import dev.envctl.service.ServiceCredentials;
import dev.envctl.service.ServiceEndpoint;
import java.util.List;
import java.util.Optional;

/** What is open to the services of an environment that is ready, for as long as leases are made in it. */
record LeaseClients(
        KubernetesApi api,
        WorkerNamespaces namespaces,
        Optional<PostgresLeases> postgres,
        Optional<RedisLeases> redis,
        MakeLeases maker)
        implements AutoCloseable {
    /** Asks the cluster for the passwords, which no file has. */
    static LeaseClients connect(Making making, HandOff handOff, LeaseFiles files, Deadline deadline) {
        var admin = Kubeconfig.parse(
                EnvironmentDirectory.read(making.directory().kubeconfig()).orElse(""));
        var api = making.tools().kubernetes().apply(admin);
        try {
            var deployed = deployed(making, handOff, files, api, deadline);
            var namespaces = new WorkerNamespaces(making, api, admin, files);
            var postgres = IssueLeases.postgres(making, deployed);
            var redis = IssueLeases.redis(deployed);
            return new LeaseClients(
                    api,
                    namespaces,
                    postgres,
                    redis,
                    new MakeLeases(
                            making, postgres, redis, files, handOff.primary().api()));
        } catch (EnvctlException e) {
            api.close();
            throw e;
        }
    }

    private static Deployed deployed(
            Making making, HandOff handOff, LeaseFiles files, KubernetesApi api, Deadline deadline) {
        var postgres = handOff.services().postgres();
        var redis = handOff.services().redis();
        var credentials = ServiceCredentials.stored(api, deadline);
        return new Deployed(
                making.spec().postgres().map(service -> new PostgresService(service, credentials)),
                ServiceEndpoint.onLoopback(postgres == null ? 0 : postgres.port()),
                making.spec().redis().map(service -> new RedisService(service, credentials)),
                ServiceEndpoint.onLoopback(redis == null ? 0 : redis.port()),
                redisInstances(making, files, redis == null ? 0 : redis.port()));
    }

    /** Where each of the first workers has a server of its own; none where all share one. */
    private static List<ServiceEndpoint> redisInstances(Making making, LeaseFiles files, int shared) {
        return files.all().stream()
                .filter(lease -> lease.worker() <= making.spec().workers().count())
                .flatMap(lease -> Optional.ofNullable(lease.redis()).stream())
                .map(HandOff.Redis::port)
                .filter(port -> port != shared)
                .map(ServiceEndpoint::onLoopback)
                .toList();
    }

    @Override
    public void close() {
        postgres.ifPresent(PostgresLeases::close);
        api.close();
    }
}
