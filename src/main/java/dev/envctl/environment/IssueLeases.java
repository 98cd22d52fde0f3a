package dev.envctl.environment;

import dev.envctl.environment.ReservePorts.Reserved;
import dev.envctl.service.PostgresLeases;
import dev.envctl.service.RedisLeases;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Gives every worker of the environment file what is its own in the services, and writes where the worker will find it. */
final class IssueLeases {
    private final Making making;
    private final HandOff.Primary primary;
    private final IntFunction<String> tokens;

    /** @param tokens makes the token that opens what is for this worker in the primary's API */
    IssueLeases(Making making, HandOff.Primary primary, IntFunction<String> tokens) {
        this.making = making;
        this.primary = primary;
        this.tokens = tokens;
    }

    List<HandOff.Worker> run(Deployed deployed, Reserved ports, PhaseRun run) {
        var issued = new ArrayList<HandOff.Worker>();
        making.journal().around("issue leases", Map.of(), () -> issued.addAll(issue(deployed, ports, run)));
        return issued;
    }

    private List<HandOff.Worker> issue(Deployed deployed, Reserved ports, PhaseRun run) {
        var files = new LeaseFiles(making.directory().workers());
        run.waiting("databases and roles");
        var wanted = IntStream.rangeClosed(1, making.spec().workers().count())
                .mapToObj(worker -> new MakeLeases.Wanted(
                        worker,
                        tokens.apply(worker),
                        ports.workers().get(worker - 1),
                        ports.nodePorts().of(worker)))
                .toList();
        var postgres = postgres(making, deployed);
        try {
            var leases = new MakeLeases(making, postgres, redis(deployed), files, primary.api());
            return leases.run(wanted, run.deadline()).stream()
                    .map(lease -> new HandOff.Worker(
                            lease.worker(), files.write(lease).toString()))
                    .toList();
        } finally {
            postgres.ifPresent(PostgresLeases::close);
        }
    }

    static Optional<PostgresLeases> postgres(Making making, Deployed deployed) {
        return making.spec()
                .postgres()
                .flatMap(spec -> deployed.postgres()
                        .map(service -> new PostgresLeases(service, spec, deployed.postgresEndpoint())));
    }

    static Optional<RedisLeases> redis(Deployed deployed) {
        return deployed.redis()
                .map(service -> new RedisLeases(service, deployed.redisEndpoint(), deployed.redisInstances()));
    }
}
