package dev.envctl.client;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.Progress;
import dev.envctl.environment.EnvironmentDirectory;
import dev.envctl.environment.Tools;
import dev.envctl.primary.Abandoned;
import dev.envctl.primary.Follower;
import dev.envctl.spec.Timeouts;
import java.nio.file.Files;

/** Removes an environment, also where its folder is gone: then by what its labels say. */
public final class RemoveEnvironment {
    private final Tools tools;
    private final Progress progress;

    public RemoveEnvironment(Tools tools, Progress progress) {
        this.tools = tools;
        this.progress = progress;
    }

    /**
     * Returns when nothing is left of it. Makes no folder.
     *
     * @param reason what is told of its end
     * @return whether there was anything
     */
    public boolean run(EnvironmentDirectory directory, String reason) {
        if (!Files.exists(directory.path())) {
            return removedByLabels(directory);
        }
        try (var follower = new Follower(directory, tools, progress)) {
            return follower.down(Timeouts.OF_REMOVAL, reason);
        }
    }

    private boolean removedByLabels(EnvironmentDirectory directory) {
        try {
            return abandoned().remove(directory);
        } catch (EnvctlException e) {
            // Without an engine nothing can exist.
            if (e.kind() == FailureKind.PREREQUISITE) {
                return false;
            }
            throw e;
        }
    }

    /**
     * Returns when nothing is left of what a primary made that was killed, or another one has taken over.
     *
     * @param primary the pid of the killed one
     * @throws EnvctlException also where somebody else holds the cluster, or no engine answers: then it is to be tried again
     */
    public void reap(EnvironmentDirectory directory, long primary) {
        if (Files.notExists(directory.lock())) {
            // The project was deleted: what is left is found by its labels.
            abandoned().remove(directory);
            return;
        }
        try (var follower = new Follower(directory, tools, progress)) {
            follower.reap(primary, Timeouts.OF_REMOVAL);
        }
    }

    private Abandoned abandoned() {
        return new Abandoned(tools, Timeouts.OF_REMOVAL, progress);
    }
}
