package dev.envctl.environment;

import dev.envctl.cluster.ClusterPlan;
import dev.envctl.cluster.KindCluster;
import dev.envctl.cluster.Mount;
import dev.envctl.cluster.PortMapping;
import dev.envctl.environment.PullImages.Images;
import dev.envctl.environment.ReservePorts.Reserved;
import dev.envctl.service.PostgresService;
import dev.envctl.service.RedisService;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs kind. Ends when kind has; other phases use the nodes as soon as they can. */
final class CreateCluster {
    private final Making making;
    private final KindCluster cluster;

    CreateCluster(Making making, KindCluster cluster) {
        this.making = making;
        this.cluster = cluster;
    }

    /** The address where the API server answers. */
    static String server(Reserved ports) {
        return "https://127.0.0.1:" + ports.apiServer();
    }

    List<String> run(Images images, Reserved ports, PhaseRun run) {
        var name = cluster.name();
        making.journal()
                .around(
                        "create network",
                        Map.of("cluster", name.toString()),
                        () -> cluster.createNetwork(
                                making.identity().epoch(), making.directory().path()));
        var plan = new ClusterPlan(
                name,
                images.node().tagged(),
                making.spec().cluster().workerNodes(),
                ports.apiServer(),
                published(ports),
                images.services().stream()
                        .map(archive -> new Mount(archive.path(), DeliverImages.nodePath(archive)))
                        .toList());
        making.journal().around("create cluster", Map.of("cluster", name.toString()), () -> create(plan, run));
        return cluster.nodes().stream().map(node -> node.name()).sorted().toList();
    }

    private void create(ClusterPlan plan, PhaseRun run) {
        var directory = making.directory();
        EnvironmentDirectory.privateFile(directory.kindLog());
        try (var log = FileChannel.open(directory.kindLog(), StandardOpenOption.APPEND)) {
            cluster.create(
                    plan,
                    directory.scratch(),
                    directory.kubeconfig(),
                    line -> {
                        write(log, line, run);
                        shown(line, run);
                    },
                    run.deadline());
        } catch (IOException e) {
            throw EnvironmentDirectory.unwritable(directory.kindLog(), e);
        }
    }

    /** A line that cannot be kept is no reason to stop reading: kind would be ended by a broken pipe. */
    private static void write(FileChannel log, String line, PhaseRun run) {
        try {
            var bytes = StandardCharsets.UTF_8.encode(line + "\n");
            while (bytes.hasRemaining()) {
                log.write(bytes);
            }
        } catch (IOException e) {
            run.waiting("the log of kind cannot be written: " + e.getMessage());
        }
    }

    /** kind marks its steps with bullets and pictures: the words are what a reader needs. */
    private static void shown(String line, PhaseRun run) {
        var words = line.replaceAll("[^\\p{Alnum} .,:()'\"/_-]", "").strip();
        if (line.startsWith(" ") && !words.isEmpty()) {
            run.waiting(words);
        }
    }

    private static List<PortMapping> published(Reserved ports) {
        var mappings = new ArrayList<PortMapping>();
        if (ports.postgres() > 0) {
            mappings.add(new PortMapping(ports.postgres(), PostgresService.NODE_PORT));
        }
        if (ports.redis() > 0) {
            mappings.add(new PortMapping(ports.redis(), RedisService.NODE_PORT));
        }
        for (var worker = 1; worker <= ports.workers().size(); worker++) {
            ports.nodePorts().of(worker).forEach(port -> mappings.add(new PortMapping(port.host(), port.node())));
        }
        for (var i = 0; i < ports.redisInstances().size(); i++) {
            mappings.add(new PortMapping(ports.redisInstances().get(i), RedisService.nodePort(i + 1)));
        }
        return mappings;
    }
}
