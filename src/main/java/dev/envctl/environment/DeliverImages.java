package dev.envctl.environment;

import dev.envctl.cluster.KindCluster;
import dev.envctl.cluster.NodeImages;
import dev.envctl.engine.Container;
import dev.envctl.engine.Engine;
import dev.envctl.environment.PullImages.Images;
import dev.envctl.image.ImageArchive;
import dev.envctl.readiness.Answer;
import java.time.Duration;
import java.util.List;

/** Brings the services' images into every node while kubeadm still works there. */
final class DeliverImages {
    private static final Duration EVERY = Duration.ofMillis(300);

    private final Making making;
    private final KindCluster cluster;
    private final Engine engine;

    DeliverImages(Making making, KindCluster cluster, Engine engine) {
        this.making = making;
        this.cluster = cluster;
        this.engine = engine;
    }

    /** Where a node sees the archive. */
    static String nodePath(ImageArchive archive) {
        return "/envctl/images/" + archive.name() + ".tar";
    }

    List<String> run(Images images, PhaseRun run) {
        var expected = making.spec().cluster().workerNodes() + 1;
        var nodes = making.tools().waits().until("the nodes to start", run.deadline(), EVERY, run::waiting, () -> {
            var running = cluster.nodes().stream().filter(Container::running).toList();
            return running.size() == expected
                    ? Answer.ready(running)
                    : Answer.notYet("%d of %d nodes run".formatted(running.size(), expected));
        });
        var deliver = new NodeImages(engine);
        for (var node : nodes) {
            for (var image : images.services()) {
                run.waiting("%s to %s".formatted(image.name(), node.name()));
                deliver.deliver(node.name(), nodePath(image), image.repository(), image.reference(), run.deadline());
            }
        }
        return nodes.stream().map(Container::name).toList();
    }
}
