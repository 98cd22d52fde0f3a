package dev.envctl.environment;

import dev.envctl.AtOnce;
import dev.envctl.readiness.Deadline;
import dev.envctl.service.Lessee;
import dev.envctl.service.PostgresLease;
import dev.envctl.service.PostgresLeases;
import dev.envctl.service.RedisLease;
import dev.envctl.service.RedisLeases;
import dev.envctl.spec.PortRange;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes the databases and Redis indexes of leases, and puts together what a lease is made of and the names of all. */
final class MakeLeases {
    private final Making making;
    private final Optional<PostgresLeases> postgres;
    private final Optional<RedisLeases> redis;
    private final LeaseFiles files;
    private final String api;

    /** @param api the primary's address */
    MakeLeases(
            Making making,
            Optional<PostgresLeases> postgres,
            Optional<RedisLeases> redis,
            LeaseFiles files,
            String api) {
        this.making = making;
        this.postgres = postgres;
        this.redis = redis;
        this.files = files;
        this.api = api;
    }

    /**
     * A lease to be made.
     *
     * @param token opens what is for this worker in the primary's API
     * @param nodePorts whether the last ports of the block reach node ports
     */
    record Wanted(int worker, String token, PortRange block, List<WorkerLease.NodePort> nodePorts) {}

    /** Everything but the namespaces and the files that make them somebody's, in the order they are wanted. */
    List<WorkerLease> run(List<Wanted> wanted, Deadline deadline) {
        var lessees = wanted.stream()
                .map(lease -> new Lessee(lease.worker(), random(4)))
                .toList();
        var databases = new HashMap<Integer, PostgresLease>();
        var indexes = new HashMap<Integer, RedisLease>();
        var parts = new ArrayList<Runnable>();
        var connections = making.spec().workers().connections();
        postgres.ifPresent(leases -> parts.add(() ->
                leases.issue(lessees, connections, deadline).forEach(lease -> databases.put(lease.worker(), lease))));
        redis.ifPresent(leases ->
                parts.add(() -> leases.issue(lessees, deadline).forEach(lease -> indexes.put(lease.worker(), lease))));
        AtOnce.run("Issuing the leases", parts);
        var made = new ArrayList<WorkerLease>();
        for (var i = 0; i < wanted.size(); i++) {
            made.add(lease(wanted.get(i), lessees.get(i), databases, indexes));
        }
        return made;
    }

    private WorkerLease lease(
            Wanted wanted, Lessee lessee, Map<Integer, PostgresLease> databases, Map<Integer, RedisLease> indexes) {
        var worker = wanted.worker();
        var name = "w%d-%s".formatted(worker, lessee.label());
        return new WorkerLease(
                worker,
                name,
                name,
                files.kubeconfig(worker).toString(),
                WorkerNamespaces.namespace(worker),
                Optional.ofNullable(databases.get(worker))
                        .map(lease -> HandOff.Postgres.of(lease.address(), lease.inCluster()))
                        .orElse(null),
                Optional.ofNullable(indexes.get(worker))
                        .map(lease -> HandOff.Redis.of(lease.address(), lease.inCluster()))
                        .orElse(null),
                new WorkerLease.Ports(wanted.block().from(), wanted.block().to()),
                wanted.nodePorts(),
                api,
                wanted.token(),
                traceparent(),
                null,
                false);
    }

    /** W3C Trace Context, version 00, sampled. */
    private String traceparent() {
        return "00-%s-%s-01".formatted(making.identity().traceId(), random(8));
    }

    private String random(int length) {
        var bytes = new byte[length];
        making.tools().random().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
