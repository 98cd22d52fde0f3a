package dev.envctl.environment;

import java.util.Map;
import java.util.stream.IntStream;

/** Makes the namespaces of the environment file's workers. They need no service, so they are made while these start. */
final class MakeNamespaces {
    private final Making making;
    private final AwaitApiServer.Reached server;

    MakeNamespaces(Making making, AwaitApiServer.Reached server) {
        this.making = making;
        this.server = server;
    }

    /** How many there are now. */
    int run(PhaseRun run) {
        var files = new LeaseFiles(making.directory().workers());
        EnvironmentDirectory.privateDirectory(files.folder());
        var workers = IntStream.rangeClosed(1, making.spec().workers().count())
                .boxed()
                .toList();
        var namespaces = new WorkerNamespaces(making, server.api(), server.admin(), files);
        making.journal().around("make namespaces", Map.of(), () -> namespaces.issue(workers, run.deadline()));
        return workers.size();
    }
}
