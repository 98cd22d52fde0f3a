package dev.envctl.primary;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.Progress;
import dev.envctl.environment.EnvironmentDirectory;
import dev.envctl.environment.LostClusters;
import dev.envctl.environment.Tools;
import dev.envctl.spec.Timeouts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What dead primaries of any environment on this host left. A cluster goes only if no primary holds its id and none holds the lock
 * of the folder that its labels name; where the folder cannot be looked at, it stays.
 */
public final class Abandoned {
    /** What has become of a cluster; the word in the output is the name in lower case. */
    public enum Fate {
        REMOVED,
        /** Would be removed, were this not only a look. */
        ABANDONED,
        KEPT,
        FAILED;

        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One cluster, and what has become of it.
     *
     * @param reason why; where it failed, with what to do
     */
    public record Found(LostClusters.Cluster cluster, Fate fate, String reason) {
        private static final String LIVES = "its primary lives";

        private static Found owned(LostClusters.Cluster cluster) {
            return new Found(cluster, Fate.KEPT, LIVES);
        }

        private boolean isOwned() {
            return reason.equals(LIVES);
        }

        public boolean failed() {
            return fate == Fate.FAILED;
        }
    }

    private final Tools tools;
    private final Timeouts limits;
    private final Progress progress;

    public Abandoned(Tools tools, Timeouts limits, Progress progress) {
        this.tools = tools;
        this.limits = limits;
        this.progress = progress;
    }

    /**
     * Looks at every environment of this host.
     *
     * @param below only environments whose files lie or lay in this folder or below it
     * @param onlyLook whether to remove nothing
     */
    public List<Found> collect(Path below, boolean onlyLook) {
        try (var scratch = Scratch.in(tools.cache());
                var clusters = LostClusters.on(tools, limits.engine(), scratch.path())) {
            var found = new ArrayList<Found>();
            for (var cluster : clusters.list(progress)) {
                if (cluster.directory().startsWith(below)) {
                    found.add(collect(cluster, clusters, onlyLook));
                }
            }
            return found;
        }
    }

    /**
     * Removes what was made for one environment whose folder is gone.
     *
     * @return whether there was anything
     * @throws EnvctlException NOT_OWNER where its primary lives, FAILED where something is left, PREREQUISITE where no engine
     *     answers
     */
    public boolean remove(EnvironmentDirectory directory) {
        var any = false;
        for (var found : collect(directory.path(), false)) {
            var cluster = found.cluster();
            if (found.failed()) {
                throw new EnvctlException(
                        FailureKind.FAILED,
                        "Cluster %s could not be removed: %s".formatted(cluster.name(), found.reason()),
                        "Then `envctl gc --below %s` removes what is left.".formatted(cluster.directory()));
            }
            if (found.isOwned()) {
                throw OwnedClusters.somebodyElses(cluster.id());
            }
            if (found.fate() == Fate.KEPT) {
                progress.warn("Cluster %s carries the name of this folder and is kept: %s."
                        .formatted(cluster.name(), found.reason()));
            }
            any |= found.fate() == Fate.REMOVED;
        }
        return any;
    }

    /** Holds the cluster no longer than that: a primary that takes it over waits for seconds only. */
    private Found collect(LostClusters.Cluster cluster, LostClusters clusters, boolean onlyLook) {
        try (var owned = new OwnedClusters(tools.machine(), tools.cache())) {
            return isHeld(cluster, owned) ? collect(cluster, clusters, owned, onlyLook) : Found.owned(cluster);
        }
    }

    /** Someone who only asks holds it for a moment. Where its folder tells of a primary that lives, nobody waits for that. */
    private boolean isHeld(LostClusters.Cluster cluster, OwnedClusters owned) {
        var directory = new EnvironmentDirectory(cluster.directory());
        return owned.held(cluster.id()).isPresent()
                || (!isClosed(directory)
                        && Liveness.of(directory) != Liveness.ALIVE
                        && Briefly.again(tools.waits(), () -> owned.held(cluster.id()))
                                .isPresent());
    }

    /** Whether it is not ours to look into. */
    private static boolean isClosed(EnvironmentDirectory directory) {
        var lock = directory.lock();
        return !Files.notExists(lock) && !(Files.isReadable(lock) && Files.isWritable(lock));
    }

    private Found collect(LostClusters.Cluster cluster, LostClusters clusters, OwnedClusters owned, boolean onlyLook) {
        var directory = new EnvironmentDirectory(cluster.directory());
        var gone = Files.notExists(directory.lock());
        if (gone && !cluster.here()) {
            return new Found(cluster, Fate.KEPT, "it was made on another machine or in a container: ask there");
        }
        if (isClosed(directory)) {
            return new Found(cluster, Fate.KEPT, "its folder is not ours to look into");
        }
        if (!gone && Liveness.of(directory) == Liveness.ALIVE) {
            return new Found(cluster, Fate.KEPT, "a primary lives in its folder");
        }
        var reason = gone ? "its folder is gone, and no primary lives" : "its primary is dead";
        if (onlyLook) {
            return new Found(cluster, Fate.ABANDONED, reason);
        }
        try {
            if (!gone && !removeWithFiles(directory, owned)) {
                return new Found(cluster, Fate.KEPT, "a primary has just been started in its folder");
            }
            clusters.remove(cluster, limits.teardown(), progress);
            return new Found(cluster, Fate.REMOVED, reason);
        } catch (EnvctlException e) {
            if (e.kind() == FailureKind.INTERRUPTED) {
                throw e;
            }
            return new Found(cluster, Fate.FAILED, (e.problem() + " " + e.remedy()).strip());
        }
    }

    private boolean removeWithFiles(EnvironmentDirectory directory, OwnedClusters owned) {
        try (var follower = new Follower(directory, tools, progress)) {
            return follower.collect(limits, "`envctl gc`: its primary was dead", owned);
        }
    }
}
