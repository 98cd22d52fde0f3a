package dev.envctl.cli;

import dev.envctl.CacheDirectory;
import dev.envctl.engine.EngineFinder;
import dev.envctl.environment.Tools;
import dev.envctl.image.Images;
import dev.envctl.kubernetes.HttpKubernetesApi;
import dev.envctl.machine.Machine;
import dev.envctl.process.LeftoverPrograms;
import dev.envctl.process.SystemPrograms;
import dev.envctl.readiness.Wait;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;

/** Puts the parts together. */
final class Wiring {
    private Wiring() {}

    static Tools tools(Map<String, String> variables) {
        // As the launcher and every shell sees it; the JVM reads the password file instead.
        var user = Path.of(variables.getOrDefault("HOME", System.getProperty("user.home")));
        var cache = CacheDirectory.of(variables, user);
        var programs = new SystemPrograms(cache.bin());
        var waits = new Wait();
        return new Tools(
                Machine.here(),
                programs,
                new LeftoverPrograms(),
                waits,
                new EngineFinder(programs, waits, variables),
                HttpKubernetesApi::new,
                new Images(cache, home().resolve("scripts/images/build"), programs, variables, user),
                cache,
                new SecureRandom());
    }

    /** Tells one build of envctl from another: the launcher gives each a folder of its own. */
    static String build() {
        return System.getProperty("java.class.path") + "\0" + home();
    }

    /** Where envctl itself lies: the launcher says it. */
    static Path home() {
        return Path.of(Optional.ofNullable(System.getProperty("envctl.home")).orElse(""))
                .toAbsolutePath()
                .normalize();
    }
}
