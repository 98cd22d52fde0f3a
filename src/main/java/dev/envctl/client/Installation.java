package dev.envctl.client;

import dev.envctl.CacheDirectory;
import dev.envctl.engine.EngineFinder;
import dev.envctl.environment.Tools;
import dev.envctl.image.Images;
import dev.envctl.kubernetes.HttpKubernetesApi;
import dev.envctl.machine.Machine;
import dev.envctl.process.Command;
import dev.envctl.process.LeftoverPrograms;
import dev.envctl.process.OwnProcess;
import dev.envctl.process.SystemPrograms;
import dev.envctl.readiness.Wait;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** One build of envctl on this machine: where its own files lie, and how it is run as a process of its own. */
public final class Installation {
    /** The class that understands the command line. */
    public static final String MAIN = "dev.envctl.cli.Main";

    private static final String LOCK = "images.lock";

    private final Path home;
    private final String build;
    private final Function<List<String>, Command> program;

    /**
     * Reads nothing yet.
     *
     * @param home where {@code images.lock} and {@code scripts/images} lie
     * @param build tells one build from another
     * @param program runs {@code envctl} with these words, in a session of its own
     */
    public Installation(Path home, String build, Function<List<String>, Command> program) {
        this.home = home;
        this.build = build;
        this.program = program;
    }

    /** That of this process, where the launcher has started it. */
    public static Installation ofThisProcess() {
        var home = Path.of(
                        Optional.ofNullable(System.getProperty("envctl.home")).orElse(""))
                .toAbsolutePath()
                .normalize();
        return new Installation(
                home, System.getProperty("java.class.path") + "\0" + home, words -> OwnProcess.again(MAIN, words));
    }

    public String build() {
        return build;
    }

    /** {@code envctl} with these words. */
    public Command command(List<String> words) {
        return program.apply(words);
    }

    /** The project's own images.lock, or envctl's where the project has none. */
    public Path lockFile(Path project) {
        return lockFiles(project).stream().filter(Files::exists).findFirst().orElseGet(() -> home.resolve(LOCK));
    }

    List<Path> lockFiles(Path project) {
        return List.of(project.resolve(LOCK), home.resolve(LOCK));
    }

    /**
     * Puts the parts together.
     *
     * @param variables the process environment
     */
    public Tools tools(Map<String, String> variables) {
        // As the launcher and every shell sees it; the JVM reads the password file instead.
        var user = user(variables);
        var cache = cache(variables);
        var programs = new SystemPrograms(cache.bin());
        var waits = new Wait();
        return new Tools(
                Machine.here(),
                programs,
                new LeftoverPrograms(),
                waits,
                new EngineFinder(programs, waits, variables),
                HttpKubernetesApi::new,
                new Images(cache, home.resolve("scripts/images/build"), programs, variables, user),
                cache,
                new SecureRandom());
    }

    /** This user's cache, as the process environment says it. */
    public static CacheDirectory cache(Map<String, String> variables) {
        return CacheDirectory.of(variables, user(variables));
    }

    private static Path user(Map<String, String> variables) {
        return Path.of(variables.getOrDefault("HOME", System.getProperty("user.home")));
    }
}
