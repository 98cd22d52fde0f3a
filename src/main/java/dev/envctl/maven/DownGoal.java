package dev.envctl.maven;

import dev.envctl.EnvctlException;
import dev.envctl.client.Ownership;
import dev.envctl.client.RemoveEnvironment;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;

/**
 * Ends the build's use of what {@code up} made, once the last module that uses it has come here. Called by name on the command
 * line, it removes the environment, whoever made it.
 */
@Mojo(name = "down", defaultPhase = LifecyclePhase.POST_INTEGRATION_TEST, threadSafe = true, requiresProject = false)
public final class DownGoal extends TestsGoal {
    @Override
    void run() {
        if (isAskedFor()) {
            remove();
        } else {
            leave();
        }
    }

    @Override
    void skipped() {
        leave();
    }

    /** A failure here must not hide what {@code verify} has to say of the tests. */
    private void leave() {
        var reactor = reactor();
        if (!reactor.done(project())) {
            return;
        }
        try {
            reactor.leave();
        } catch (EnvctlException e) {
            getLog().error(new FailureText(e, java.util.Optional.empty()).text());
        }
    }

    private void remove() {
        var directory = directory();
        Ownership.require(variables(), directory, name());
        // With -T modules do this at the same time, and a process has the kernel's locks only once.
        synchronized (reactor()) {
            try (var progress = progress()) {
                progress.note(
                        new RemoveEnvironment(installation().tools(variables()), progress)
                                        .run(directory, "`mvn envctl:down`")
                                ? "Environment %s is gone.".formatted(name())
                                : "There is no environment %s.".formatted(name()));
            }
        }
    }
}
