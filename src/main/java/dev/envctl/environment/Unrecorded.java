package dev.envctl.environment;

import dev.envctl.Progress;
import dev.envctl.engine.Engine;
import java.util.List;
import java.util.function.Consumer;

/**
 * What labels say was made for a folder in which nothing tells of it: whoever deletes the folder after a kill deletes the
 * journal too.
 */
final class Unrecorded {
    private final Making making;
    private final Consumer<String> claim;

    /** @param claim told the id of each cluster before anything of it is touched; fails where it is somebody else's */
    Unrecorded(Making making, Consumer<String> claim) {
        this.making = making;
        this.claim = claim;
    }

    void remove(Engine engine, Progress progress) {
        // Not closed: the engine is the caller's.
        @SuppressWarnings("resource")
        var clusters = new LostClusters(making.tools(), List.of(engine));
        var folder = making.directory().path().toString();
        for (var cluster : clusters.list()) {
            if (cluster.here() && cluster.directory().toString().equals(folder)) {
                claim.accept(cluster.id());
                progress.note("Removing cluster %s: it was made for this folder, and its primary is gone."
                        .formatted(cluster.name()));
                clusters.remove(cluster, making.spec().timeouts().teardown(), progress);
            }
        }
    }
}
