package dev.envctl.environment;

import dev.envctl.AtOnce;
import dev.envctl.cluster.NodeImages;
import dev.envctl.engine.Engine;
import dev.envctl.environment.PlacedImage.Kind;
import dev.envctl.image.ImageArchive;
import dev.envctl.readiness.Deadline;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Asks who uses images which ones they have: nodes by way of their CRI, as the kubelet will ask, and the engine. */
final class ImageProof {
    /**
     * An image that every node is to have.
     *
     * @param reference {@code repository@digest}
     * @param id the digest of its configuration; null where this machine does not know it
     */
    record Wanted(String name, String reference, @Nullable String id) {
        static Wanted of(ImageArchive archive) {
            return new Wanted(
                    archive.name(), archive.reference(), archive.configDigest().toString());
        }

        String in(Map<String, String> known) {
            var found = known.get(reference);
            if (found != null) {
                return id == null || id.equals(found) ? reference : "that name for another image, " + found;
            }
            var repository = reference.substring(0, reference.indexOf('@') + 1);
            var others = known.keySet().stream()
                    .filter(one -> one.startsWith(repository))
                    .collect(Collectors.joining(" "));
            return others.isEmpty() ? "nothing" : others;
        }
    }

    private final Engine engine;

    ImageProof(Engine engine) {
        this.engine = engine;
    }

    /** Each image in each node. */
    List<PlacedImage> inNodes(List<String> nodes, List<Wanted> images, Deadline deadline) {
        if (images.isEmpty()) {
            return List.of();
        }
        return AtOnce.each("the question to the nodes", nodes.size(), nodes, node -> {
                    var known = new NodeImages(engine).known(node, deadline);
                    return images.stream()
                            .map(image ->
                                    new PlacedImage(Kind.NODE, node, image.name(), image.reference(), image.in(known)))
                            .toList();
                })
                .stream()
                .flatMap(List::stream)
                .toList();
    }

    /** What the engine has under the names of those images; one that it does not know it has not needed yet. */
    List<PlacedImage> inEngine(List<ImageArchive> archives) {
        return archives.stream()
                .flatMap(archive -> engine
                        .image(archive.tagged())
                        .map(found -> new PlacedImage(
                                Kind.ENGINE,
                                engine.kind().program(),
                                archive.name(),
                                archive.configDigest().toString(),
                                found.id()))
                        .stream())
                .toList();
    }
}
