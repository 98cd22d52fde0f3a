package dev.envctl.environment;

import static org.assertj.core.api.Assertions.assertThat;

import dev.envctl.CacheDirectory;
import dev.envctl.engine.FakeEngine;
import dev.envctl.image.FetchedImages;
import dev.envctl.machine.FakeMachine;
import dev.envctl.machine.HostPorts;
import dev.envctl.process.LeftoverPrograms;
import dev.envctl.process.SystemPrograms;
import dev.envctl.readiness.Pauses;
import dev.envctl.spec.EnvironmentFiles;
import dev.envctl.spec.Overrides;
import dev.envctl.spec.PortRange;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ReadyLeasesTest {
    private static final Identity IDENTITY = new Identity("e2e", "0a1b2c3d", 1, "0af7651916cd43dd8448eb211c80319c");

    @TempDir
    private Path folder = Path.of("");

    private EnvironmentDirectory directory = new EnvironmentDirectory(Path.of(""));

    /** An earlier primary gave leases 3 and 4 out on demand. */
    @BeforeEach
    void give() throws IOException {
        directory = EnvironmentDirectory.of(folder.resolve("project"), "e2e");
        directory.create();
        EnvironmentDirectory.privateDirectory(directory.workers());
        EnvironmentDirectory.write(
                directory.handOff(), SampleHandOff.of("/1.json").json());
        try (var journal = Journal.append(directory.journal(), 1)) {
            journal.begin(IDENTITY, directory, "podman", "unix:///podman.sock", "settings");
            var leases = new LeaseJournal(journal, directory);
            leases.begin(3);
            leases.begin(4);
        }
        lease(3, 15010);
        lease(4, 15020);
    }

    private void lease(int worker, int port) throws IOException {
        var json = SampleHandOff.lease()
                .json()
                .replace("\"worker\": 1,", "\"worker\": %d,".formatted(worker))
                .replace("\"from\": 15010", "\"from\": " + port)
                .replace("\"to\": 15019", "\"to\": " + (port + 9));
        Files.writeString(directory.workers().resolve(worker + ".json"), json);
    }

    private ReadyLeases open(HostPorts ports) throws IOException {
        var programs = new SystemPrograms();
        var tools = new Tools(
                new FakeMachine(folder.resolve("machine")).look(),
                programs,
                new LeftoverPrograms(),
                Pauses.of(pause -> {}),
                (choice, limit, scratch) -> new FakeEngine(),
                kubeconfig -> {
                    throw new AssertionError("nothing is asked yet");
                },
                FetchedImages.in(folder.resolve("images"), "node").images(),
                new CacheDirectory(folder.resolve("cache")),
                new SecureRandom());
        var spec = EnvironmentFiles.around(Path.of("")).load("e2e", Overrides.none());
        return ReadyLeases.open(tools, spec, List.of(), directory, ports);
    }

    @Test
    void goesOnWithWhatAnEarlierPrimaryGave() throws IOException {
        try (var ports = new HostPorts(folder.resolve("ports.lock"));
                var leases = open(ports)) {
            assertThat(leases.lost()).isEmpty();
            assertThat(leases.given()).extracting(WorkerLease::worker).containsExactly(3, 4);
            assertThat(leases.abandoned()).isEmpty();
        }
    }

    @Test
    void aLeaseWhosePortsAreTakenGoesAlone() throws IOException {
        try (var others = new HostPorts(folder.resolve("ports.lock"));
                var ports = new HostPorts(folder.resolve("ports.lock"))) {
            others.adopt(new PortRange(15012, 15012));

            try (var leases = open(ports)) {
                assertThat(leases.lost())
                        .containsExactly("Lease 3 is removed: Port 15012 has been taken by another environment.");
                assertThat(leases.given()).extracting(WorkerLease::worker).containsExactly(4);
                assertThat(leases.abandoned()).containsExactly(3);
            }
        }
    }
}
