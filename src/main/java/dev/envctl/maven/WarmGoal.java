package dev.envctl.maven;

import dev.envctl.client.Request;
import dev.envctl.environment.Tools;
import dev.envctl.readiness.Deadline;
import dev.envctl.spec.Overrides;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;

/** Brings the environment's images to this machine, so that {@code up} finds them there. Starts nothing. */
@Mojo(name = "warm", threadSafe = true)
public final class WarmGoal extends EnvironmentGoal {
    /** Builds stand-ins where no container registry answers, which takes minutes the first time. */
    @Parameter(property = "envctl.standIns", defaultValue = "false")
    private boolean standIns;

    @Override
    void run() {
        var installation = installation();
        var request = Request.read(installation, files(), name(), Overrides.from(variables()));
        warm(request, installation.tools(variables()));
    }

    private void warm(Request request, Tools tools) {
        var source = tools.images().source();
        var limits = request.spec().timeouts();
        try (var progress = progress()) {
            var archives = standIns
                    ? source.obtainOrBuild(request.images(), progress, Deadline.in(limits.setup()))
                    : source.obtain(request.images(), progress, Deadline.in(limits.pull()));
            archives.forEach(archive -> progress.note("%s is here: %s".formatted(archive.tagged(), archive.path())));
        }
    }
}
