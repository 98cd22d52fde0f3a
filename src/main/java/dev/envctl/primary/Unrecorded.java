package dev.envctl.primary;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.Progress;
import dev.envctl.environment.EnvironmentDirectory;
import dev.envctl.environment.LostClusters;
import dev.envctl.environment.Tools;
import dev.envctl.spec.Timeouts;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What labels say was made for a folder in which nothing tells of it: whoever deletes the folder after a kill deletes the
 * journal too.
 */
final class Unrecorded {
    private final Tools tools;
    private final EnvironmentDirectory directory;
    private final Timeouts limits;
    private final Progress progress;

    Unrecorded(Tools tools, EnvironmentDirectory directory, Timeouts limits, Progress progress) {
        this.tools = tools;
        this.directory = directory;
        this.limits = limits;
        this.progress = progress;
    }

    /** @param claim told the id of each cluster before anything of it is touched; fails where it is somebody else's */
    void remove(Consumer<String> claim) {
        var engines = engines();
        if (engines.isEmpty()) {
            return;
        }
        try (var clusters = engines.get()) {
            for (var cluster : clusters.list()) {
                if (cluster.here()
                        && cluster.directory()
                                .toString()
                                .equals(directory.path().toString())) {
                    claim.accept(cluster.id());
                    progress.note("Removing cluster %s: it was made for this folder, and its primary is gone."
                            .formatted(cluster.name()));
                    clusters.remove(cluster, limits.teardown(), progress);
                }
            }
        }
    }

    /** Without an engine nothing can exist, and the creation says so. */
    private Optional<LostClusters> engines() {
        try {
            return Optional.of(LostClusters.on(tools, limits.engine(), directory.scratch()));
        } catch (EnvctlException e) {
            if (e.kind() == FailureKind.PREREQUISITE) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
