package dev.envctl.maven;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.Progress;
import dev.envctl.client.Installation;
import dev.envctl.client.LeaveEnvironment;
import dev.envctl.client.MakeReady;
import dev.envctl.client.Ownership;
import dev.envctl.client.Request;
import dev.envctl.primary.Follower;
import dev.envctl.primary.LifetimeLimits;
import dev.envctl.process.KnownProcess;
import dev.envctl.spec.Overrides;
import java.util.ArrayList;
import java.util.List;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.jspecify.annotations.Nullable;

/**
 * Makes the environment, or attaches where it is there already, and sets properties that say where everything is. What it has
 * made goes when the build ends, however it ends; called by name on the command line, it stays until {@code envctl:down}.
 */
@Mojo(name = "up", defaultPhase = LifecyclePhase.PRE_INTEGRATION_TEST, threadSafe = true)
public final class UpGoal extends TestsGoal {
    /** Leaves the environment running when the build ends, for the next one to attach. */
    @Parameter(property = "envctl.keep", defaultValue = "false")
    private boolean keep;

    /** Keeps what was made when its creation fails, to look at; {@code envctl:down} removes it. */
    @Parameter(property = "envctl.keepOnFailure", defaultValue = "false")
    private boolean keepOnFailure;

    /** How many workers; overrides workers.count. */
    @Parameter(property = "envctl.workers.count")
    private @Nullable String workers;

    /** How long creation may take in all, such as 5m or 90s; overrides timeouts.total. */
    @Parameter(property = "envctl.timeout")
    private @Nullable String timeout;

    @Override
    void run() {
        var installation = installation();
        var request = Request.read(installation, files(), name(), overrides());
        var handOff = reactor().environment(request.directory().path()).ready(() -> make(installation, request));
        ExportedProperties.of(handOff, request.directory()).forEach(project().getProperties()::setProperty);
    }

    private SharedEnvironment.Held make(Installation installation, Request request) {
        try (var progress = progress();
                var follower = follower(installation, request, progress)) {
            var limits =
                    isKept() ? LifetimeLimits.NONE : new LifetimeLimits(null, null, List.of(KnownProcess.self()), true);
            var ready = new MakeReady(
                            installation,
                            request,
                            words(),
                            limits,
                            progress,
                            failure -> getLog().error(FailureText.sentence(failure)))
                    .run(follower)
                    .orElseThrow(() -> new EnvctlException(
                            FailureKind.INTERRUPTED, "Maven was ended while the environment was made.", ""));
            progress.note("Environment %s is ready: %s"
                    .formatted(name(), request.directory().path()));
            return new SharedEnvironment.Held(ready.handOff(), () -> leave(installation, request, ready));
        }
    }

    private void leave(Installation installation, Request request, MakeReady.Ready ready) {
        if (isKept()) {
            getLog().info("Environment %s stays until `mvn envctl:down`.".formatted(name()));
            return;
        }
        try (var progress = progress();
                var follower = follower(installation, request, progress)) {
            new LeaveEnvironment(follower, progress).run(request.spec(), ready, "the Maven build has ended");
        }
    }

    private Follower follower(Installation installation, Request request, Progress progress) {
        return new Follower(
                request.directory(), installation.tools(variables()), progress, !Ownership.isWorker(variables()));
    }

    private boolean isKept() {
        return keep || isAskedFor();
    }

    private Overrides overrides() {
        var overrides = Overrides.from(variables());
        if (timeout != null) {
            overrides = overrides.with("timeouts.total", timeout, "envctl.timeout");
        }
        return workers == null ? overrides : overrides.with("workers.count", workers, "envctl.workers.count");
    }

    /** The same for the primary. */
    private List<String> words() {
        var words = new ArrayList<String>();
        if (keepOnFailure) {
            words.add("--keep-on-failure");
        }
        if (timeout != null) {
            words.addAll(List.of("--timeout", timeout));
        }
        if (workers != null) {
            words.addAll(List.of("--workers", workers));
        }
        return words;
    }
}
