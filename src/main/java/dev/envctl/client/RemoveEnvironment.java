package dev.envctl.client;

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
            return new Abandoned(tools, Timeouts.OF_REMOVAL, progress).remove(directory);
        }
        try (var follower = new Follower(directory, tools, progress)) {
            return follower.down(Timeouts.OF_REMOVAL, reason);
        }
    }
}
