package dev.envctl.scripted;

import dev.envctl.image.FetchedImages;
import dev.envctl.machine.FakeMachine;
import dev.envctl.machine.Machine;
import dev.envctl.spec.EnvironmentFiles;
import dev.envctl.spec.EnvironmentSpec;
import dev.envctl.spec.Overrides;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;

/** What all hosts of a test share, because nothing changes it. */
record Kit(Path folder, FetchedImages images, Machine machine, EnvironmentSpec spec, AtomicInteger hosts) {
    private static final String ENVIRONMENT = """
            apiVersion: envctl.dev/v1
            kind: Environment
            metadata: {name: e2e}
            cluster: {engine: podman}
            workers: {count: 2, ports: 2}
            timeouts: {engine: 20s, pull: 20s, cluster: 30s, services: 30s, manifests: 20s, teardown: 20s, total: 60s}
            """;

    static Kit in(Path folder) {
        try {
            var project = folder.resolve("project");
            Files.createDirectories(project.resolve("environments"));
            Files.writeString(project.resolve("environments/e2e.yaml"), ENVIRONMENT);
            return new Kit(
                    folder,
                    FetchedImages.in(folder.resolve("images"), "node"),
                    new FakeMachine(folder.resolve("machine")).look(),
                    EnvironmentFiles.around(project).load("e2e", Overrides.none()),
                    new AtomicInteger());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A new host with nothing on it. */
    Host host(long seed) {
        return new Host(this, folder.resolve("host-" + hosts.incrementAndGet()), seed);
    }
}
