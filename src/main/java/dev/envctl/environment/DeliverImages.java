package dev.envctl.environment;

import dev.envctl.AtOnce;
import dev.envctl.cluster.Delivery;
import dev.envctl.cluster.KindCluster;
import dev.envctl.cluster.NodeImages;
import dev.envctl.engine.Container;
import dev.envctl.engine.Engine;
import dev.envctl.environment.ImageProof.Wanted;
import dev.envctl.environment.PullImages.Images;
import dev.envctl.image.ImageArchive;
import dev.envctl.readiness.Answer;
import dev.envctl.readiness.Deadline;
import java.time.Duration;
import java.util.List;

/** Brings the services' images into every node while kubeadm still works there, and has each node's CRI prove it. */
final class DeliverImages {
    private static final Duration EVERY = Duration.ofMillis(300);

    /** containerd tells its CRI of an import a moment later. */
    private static final Duration HEARSAY = Duration.ofSeconds(5);

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
        var nodes = nodes(run);
        var deliveries = images.services().stream()
                .map(image -> new Delivery(nodePath(image), image.repository(), image.reference()))
                .toList();
        run.waiting("%d images to %d nodes".formatted(deliveries.size(), nodes.size()));
        var deliver = new NodeImages(engine);
        AtOnce.each("the delivery of images", nodes.size(), nodes, node -> {
            deliver.deliver(node, deliveries, run.deadline());
            return node;
        });
        prove(nodes, images, run);
        return nodes;
    }

    private List<String> nodes(PhaseRun run) {
        var expected = making.spec().cluster().workerNodes() + 1;
        return making.tools().waits().until("the nodes to start", run.deadline(), EVERY, run::waiting, () -> {
            var running = cluster.nodes().stream()
                    .filter(Container::running)
                    .map(Container::name)
                    .toList();
            return running.size() == expected
                    ? Answer.ready(running)
                    : Answer.notYet("%d of %d nodes run".formatted(running.size(), expected));
        });
    }

    private void prove(List<String> nodes, Images images, PhaseRun run) {
        var wanted = images.services().stream().map(Wanted::of).toList();
        var proof = new ImageProof(engine);
        var hearsay = Deadline.in(HEARSAY);
        var placed = making.tools().waits().until("the nodes' CRI", run.deadline(), EVERY, run::waiting, () -> {
            var rows = proof.inNodes(nodes, wanted, run.deadline());
            return rows.stream().allMatch(PlacedImage::matches) || hearsay.passed()
                    ? Answer.ready(rows)
                    : Answer.notYet("the nodes' CRI does not know all images yet");
        });
        PlacedImage.requireNoDifference(placed, "Run `envctl images verify` to check the archives.");
    }
}
