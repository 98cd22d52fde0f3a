package dev.envctl.environment;

import dev.envctl.environment.ReservePorts.Reserved;
import dev.envctl.service.Lessee;
import dev.envctl.service.PostgresAddress;
import dev.envctl.service.PostgresLease;
import dev.envctl.service.PostgresLeases;
import dev.envctl.service.PostgresService;
import dev.envctl.service.RedisAddress;
import dev.envctl.service.RedisLease;
import dev.envctl.service.RedisLeases;
import dev.envctl.service.RedisService;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/** Gives every worker what is its own, and writes it where the worker will look. */
final class IssueLeases {
    private final Making making;
    private final AwaitApiServer.Reached server;

    IssueLeases(Making making, AwaitApiServer.Reached server) {
        this.making = making;
        this.server = server;
    }

    List<HandOff.Worker> run(Deployed deployed, Reserved ports, PhaseRun run) {
        var issued = new ArrayList<HandOff.Worker>();
        making.journal().around("issue leases", Map.of(), () -> issued.addAll(issue(deployed, ports, run)));
        return issued;
    }

    private List<HandOff.Worker> issue(Deployed deployed, Reserved ports, PhaseRun run) {
        var workers = making.spec().workers();
        var lessees = IntStream.rangeClosed(1, workers.count())
                .mapToObj(worker -> new Lessee(worker, testId(worker)))
                .toList();
        EnvironmentDirectory.privateDirectory(making.directory().workers());
        run.waiting("databases and roles");
        var postgres = making.spec()
                .postgres()
                .flatMap(spec -> deployed.postgres().map(service -> {
                    try (var leases = new PostgresLeases(service, spec, deployed.postgresEndpoint())) {
                        return leases.issue(lessees, workers.connections(), run.deadline());
                    }
                }));
        var redis = deployed.redis()
                .map(service -> new RedisLeases(service, deployed.redisEndpoint(), deployed.redisInstances())
                        .issue(lessees, run.deadline()));
        var namespaces = new WorkerNamespaces(making, server.api());
        var written = new ArrayList<HandOff.Worker>();
        for (var index = 1; index <= workers.count(); index++) {
            var position = index - 1;
            run.waiting("namespace of worker " + index);
            var kubeconfig = making.directory().workers().resolve(index + ".kubeconfig");
            EnvironmentDirectory.write(kubeconfig, namespaces.issue(index, server.admin(), run.deadline()));
            var block = ports.workers().get(position);
            var lease = new WorkerLease(
                    index,
                    testId(index),
                    kubeconfig.toString(),
                    WorkerNamespaces.namespace(index),
                    postgres.map(leases -> postgres(leases.get(position))).orElse(null),
                    redis.map(leases -> redis(leases.get(position))).orElse(null),
                    new WorkerLease.Ports(block.from(), block.to()),
                    traceparent());
            written.add(write(lease));
        }
        return written;
    }

    private String testId(int worker) {
        return "w%d-%s".formatted(worker, making.identity().id());
    }

    private HandOff.Worker write(WorkerLease lease) {
        var folder = making.directory().workers();
        var json = folder.resolve(lease.worker() + ".json");
        EnvironmentDirectory.write(folder.resolve(lease.worker() + ".env"), lease.env());
        EnvironmentDirectory.write(json, lease.json());
        return new HandOff.Worker(lease.worker(), json.toString());
    }

    /** W3C Trace Context, version 00, sampled. */
    private String traceparent() {
        var span = new byte[8];
        making.tools().random().nextBytes(span);
        return "00-%s-%s-01"
                .formatted(making.identity().traceId(), HexFormat.of().formatHex(span));
    }

    private static HandOff.Postgres postgres(PostgresLease lease) {
        return postgres(lease.address(), lease.inCluster());
    }

    static HandOff.Postgres postgres(PostgresAddress here, PostgresAddress inCluster) {
        return new HandOff.Postgres(
                here.endpoint().host(),
                here.endpoint().port(),
                here.user(),
                here.password(),
                here.database(),
                here.url(),
                new HandOff.InCluster(
                        inCluster.endpoint().host(), inCluster.endpoint().port(), inCluster.url()));
    }

    private static HandOff.Redis redis(RedisLease lease) {
        return redis(lease.address(), lease.inCluster());
    }

    static HandOff.Redis redis(RedisAddress here, RedisAddress inCluster) {
        return new HandOff.Redis(
                here.endpoint().host(),
                here.endpoint().port(),
                here.user(),
                here.password(),
                here.url(),
                new HandOff.InCluster(
                        inCluster.endpoint().host(), inCluster.endpoint().port(), inCluster.url()));
    }

    /** The services' own addresses, for clients that are no workers. */
    static HandOff.Services services(Deployed deployed) {
        Optional<HandOff.Postgres> postgres = deployed.postgres().map(service -> {
            var address = service.app(deployed.postgresEndpoint());
            return postgres(address, address.at(PostgresService.inCluster()));
        });
        Optional<HandOff.Redis> redis = deployed.redis().map(service -> {
            var address = service.admin(deployed.redisEndpoint());
            return redis(address, address.at(RedisService.inCluster()));
        });
        return new HandOff.Services(postgres.orElse(null), redis.orElse(null));
    }
}
