package dev.envctl.client;

import dev.envctl.Progress;
import dev.envctl.primary.Follower;
import dev.envctl.primary.PrimaryClient;
import dev.envctl.process.OwnProcess;
import dev.envctl.spec.EnvironmentSpec;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Ends this process's use of an environment: one that has owners goes with the last of them, one that was there without any
 * stays.
 */
public final class LeaveEnvironment {
    private final Follower follower;
    private final Progress progress;

    public LeaveEnvironment(Follower follower, Progress progress) {
        this.follower = follower;
        this.progress = progress;
    }

    /**
     * Removes it if it is for us to remove, and says what becomes of it otherwise.
     *
     * @param ready what {@link MakeReady} gave us
     * @param reason what is told of its end
     */
    public void run(EnvironmentSpec spec, MakeReady.Ready ready, String reason) {
        if (isTakenOver(spec, ready)) {
            return;
        }
        var ours = ready.found().record();
        var owners = follower.primary().isPresent() ? new PrimaryClient(ours).owners() : List.<Long>of();
        var others = owners.stream().filter(pid -> pid != OwnProcess.pid()).toList();
        if (!others.isEmpty()) {
            progress.note("Environment %s is used by others (pid %s): it goes with the last of them."
                    .formatted(spec.name(), others.stream().map(String::valueOf).collect(Collectors.joining(", "))));
        } else if (ready.found().startedHere() || !owners.isEmpty()) {
            follower.downOf(ours, spec.timeouts(), reason);
        } else {
            progress.note("Environment %s ran already: it is left running.".formatted(spec.name()));
        }
    }

    /** Whether another primary has it now, which is told then. */
    public boolean isTakenOver(EnvironmentSpec spec, MakeReady.Ready ready) {
        var other = follower.primary()
                .filter(primary -> primary.pid() != ready.found().record().pid());
        other.ifPresent(primary ->
                progress.note("Environment %s has been taken over by another primary (pid %d): it is left running."
                        .formatted(spec.name(), primary.pid())));
        return other.isPresent();
    }
}
