package dev.envctl.environment;

import java.nio.file.Path;
import java.util.Optional;

/** The leases that an environment has handed out, as its workers find them. */
final class LeaseFiles {
    private LeaseFiles() {}

    /** Why a worker could not use its lease; empty where each is whole and this environment's own. */
    static Optional<String> damage(HandOff handOff) {
        return handOff.workers().stream()
                .filter(worker -> !isWhole(handOff, worker))
                .findFirst()
                .map(worker -> "the lease of worker %d is gone or damaged".formatted(worker.index()));
    }

    private static boolean isWhole(HandOff handOff, HandOff.Worker worker) {
        var file = Path.of(worker.file());
        return WorkerLease.read(file)
                .filter(lease -> lease.worker() == worker.index()
                        && lease.testId().endsWith("-" + handOff.id())
                        && EnvironmentDirectory.read(file.resolveSibling(worker.index() + ".env"))
                                .filter(lease.env()::equals)
                                .isPresent()
                        && EnvironmentDirectory.read(Path.of(lease.kubeconfig()))
                                .filter(text -> text.contains(handOff.cluster().server())
                                        && text.contains("current-context: " + lease.namespace()))
                                .isPresent())
                .isPresent();
    }
}
