package dev.envctl.scripted;

import static org.assertj.core.api.Assertions.assertThat;

import dev.envctl.environment.HandOff;
import dev.envctl.environment.Past;
import dev.envctl.environment.WorkerLease;
import dev.envctl.kubernetes.Kubeconfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What must hold on a host whatever has happened on it before. */
final class Check {
    private static final Set<String> KEPT = Set.of("lock", "logs", "timeline.json");

    private Check() {}

    /** One environment, whole, and the one that the hand-off speaks of. */
    static void ready(Host host, HandOff handOff) {
        var cluster = "envctl-e2e-" + handOff.id();
        var node = cluster + "-control-plane";
        synchronized (host.world) {
            assertThat(host.world.networks.keySet()).containsExactly(cluster);
            assertThat(host.world.volumes.keySet()).containsExactly("volume-of-" + node);
            assertThat(host.world.nodes.keySet()).containsExactly(node);
            assertThat(host.world.processes).noneMatch(process -> !process.program.equals("conmon"));
        }
        assertThat(handOff.cluster().nodes()).containsExactly(node);
        assertThat(HandOff.read(host.directory())).contains(handOff);
        assertThat(Past.read(host.directory())).hasValueSatisfying(past -> {
            assertThat(past.handedOff()).isTrue();
            assertThat(past.identity().id()).isEqualTo(handOff.id());
        });
        var kubeconfig = Kubeconfig.parse(text(host.directory().kubeconfig()));
        assertThat(kubeconfig.server()).isEqualTo(handOff.cluster().server());
        assertThat(kubeconfig.clientKey()).isEqualTo(cluster);
        leases(host, handOff, node);
    }

    private static void leases(Host host, HandOff handOff, String node) {
        assertThat(handOff.workers()).extracting(HandOff.Worker::index).containsExactly(1, 2);
        var ports = new HashSet<Integer>();
        var ids = new HashSet<String>();
        for (var worker : handOff.workers()) {
            var lease = WorkerLease.read(Path.of(worker.file())).orElseThrow();
            assertThat(lease.worker()).isEqualTo(worker.index());
            assertThat(lease.testId()).startsWith("w%d-".formatted(worker.index()));
            assertThat(ids.add(lease.testId())).isTrue();
            assertThat(lease.traceparent()).hasSize(55);
            assertThat(text(Path.of(lease.kubeconfig())))
                    .contains(handOff.cluster().server(), "namespace: worker-" + worker.index());
            assertThat(text(host.directory().workers().resolve(worker.index() + ".env")))
                    .isEqualTo(lease.env());
            for (var port = lease.ports().from(); port <= lease.ports().to(); port++) {
                assertThat(ports.add(port))
                        .as("port %d is handed out once", port)
                        .isTrue();
            }
            synchronized (host.world) {
                var found = host.world.nodes.get(node);
                assertThat(found != null && found.kubernetes.has("/api/v1/namespaces/" + lease.namespace()))
                        .isTrue();
            }
        }
        assertThat(ports).hasSize(4);
    }

    /** Nothing on the host, and of the directory only what stays. */
    static void nothingLeft(Host host) {
        host.world.drift();
        host.world.settle();
        assertThat(host.world.isEmpty()).as("left: %s", host.world).isTrue();
        assertThat(names(host.directory().path())).isSubsetOf(KEPT);
    }

    static List<String> names(Path folder) {
        if (!Files.exists(folder)) {
            return List.of();
        }
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
