package dev.envctl.maven;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.plugin.logging.Log;
import org.apache.maven.project.MavenProject;

/** What the modules of one build share: its environments, each made once and ended once. Thread-safe, for -T. */
final class Reactor {
    private final Map<Path, SharedEnvironment> environments = new ConcurrentHashMap<>();
    private final Set<MavenProject> awaited = ConcurrentHashMap.newKeySet();

    /** @param plugin which modules use it, as {@code groupId:artifactId} */
    private Reactor(MavenSession session, String plugin) {
        session.getProjects().stream().filter(project -> uses(project, plugin)).forEach(awaited::add);
    }

    /** That of this build: Maven keeps it for the time of one session, also in a daemon. */
    static Reactor of(MavenSession session, String plugin, Log log) {
        var data = session.getRequest().getData();
        // A module that gives the plugin other dependencies has it in another class loader.
        var key = Reactor.class.getName() + "@" + System.identityHashCode(Reactor.class);
        synchronized (data) {
            if (data.get(key) instanceof Reactor known) {
                return known;
            }
            var reactor = new Reactor(session, plugin);
            data.put(key, reactor);
            SessionEnd.call(session.getRequest(), () -> reactor.end(log));
            return reactor;
        }
    }

    private static boolean uses(MavenProject project, String plugin) {
        var found = project.getPlugin(plugin);
        return found != null
                && found.getExecutions().stream()
                        .anyMatch(execution -> execution.getGoals().contains("up"));
    }

    SharedEnvironment environment(Path directory) {
        return environments.computeIfAbsent(directory, SharedEnvironment::new);
    }

    /**
     * A module needs no environment any more.
     *
     * @return whether it was the last one that will
     */
    boolean done(MavenProject project) {
        awaited.remove(project);
        return awaited.isEmpty();
    }

    /** Ends the build's use of all environments; a failure is the caller's to tell. */
    void leave() {
        environments.values().forEach(SharedEnvironment::leave);
    }

    /** The build is over, however it has ended. Its own result must stay what it is. */
    private void end(Log log) {
        new TreeMap<>(environments).values().forEach(environment -> {
            try {
                environment.leave();
            } catch (RuntimeException e) {
                log.warn("%s could not be ended: %s".formatted(environment, e.getMessage()));
            }
        });
    }
}
