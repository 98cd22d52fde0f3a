package dev.envctl.maven;

import dev.envctl.client.Request;
import dev.envctl.readiness.Deadline;
import dev.envctl.spec.Overrides;
import org.apache.maven.plugins.annotations.Mojo;

/**
 * Brings the environment's images to this machine, as {@code envctl images warm} does, so that {@code up} finds them there.
 * Starts nothing. Where no container registry answers it builds stand-ins, which takes minutes the first time.
 */
@Mojo(name = "warm", threadSafe = true)
public final class WarmGoal extends EnvironmentGoal {
    @Override
    void run() {
        var installation = installation();
        var request = Request.read(installation, files(), name(), Overrides.from(variables()));
        var source = installation.tools(variables()).images().source();
        var limit = Deadline.in(request.spec().timeouts().setup());
        try (var progress = progress()) {
            source.warm(request.images(), progress, limit)
                    .forEach(image -> progress.note("%s is here: %s (from %s)"
                            .formatted(image.archive().tagged(), image.archive().path(), image.from())));
        }
    }
}
