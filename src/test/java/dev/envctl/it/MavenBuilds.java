package dev.envctl.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Real Maven builds with the plugin of this checkout. They have a local repository of their own, whose folders are links to
 * those of the user's, and the plugin beside them: nothing of the user's is changed but for what every build fetches.
 */
final class MavenBuilds {
    private static final String VERSION = System.getProperty("it.version", "");

    private final Path repository;

    private MavenBuilds(Path repository) {
        this.repository = repository;
    }

    static MavenBuilds ofThisCheckout() {
        var users = Path.of(System.getProperty("it.repository", ""));
        var dist = Project.CHECKOUT.resolve("target/dist");
        try {
            // Below target, because JUnit warns of each link that it removes from a temporary folder.
            var repository = Files.createTempDirectory(Project.CHECKOUT.resolve("target"), "repository-");
            link(users, repository, "dev");
            link(users.resolve("dev"), repository.resolve("dev"), "envctl");
            var plugin = repository.resolve("dev/envctl/envctl").resolve(VERSION);
            Files.createDirectories(plugin);
            var name = "envctl-" + VERSION;
            Files.copy(dist.resolve(name + ".jar"), plugin.resolve(name + ".jar"));
            Files.copy(Project.CHECKOUT.resolve("pom.xml"), plugin.resolve(name + ".pom"));
            return new MavenBuilds(repository);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void link(Path users, Path own, String exception) throws IOException {
        Files.createDirectories(own);
        if (!Files.isDirectory(users)) {
            return;
        }
        try (var folders = Files.list(users)) {
            for (var folder : folders.filter(Files::isDirectory).toList()) {
                var name = folder.getFileName().toString();
                if (!name.equals(exception)) {
                    Files.createSymbolicLink(own.resolve(name), folder);
                }
            }
        }
    }

    /** How the goals are called without a project that names the plugin. */
    static String goal(String name) {
        return "dev.envctl:envctl:%s:%s".formatted(VERSION, name);
    }

    /** Runs a build to its end. */
    Ran run(Project project, String... words) {
        return project.program(Map.of(), command(words).toArray(String[]::new));
    }

    /** Begins a build in a process group of its own, as a terminal does, which Ctrl-C reaches. */
    Process start(Project project, String... words) {
        var command = new ArrayList<>(List.of("setsid", "env", "--default-signal=INT"));
        command.addAll(command(words));
        return project.startProgram(command);
    }

    /** For {@code .mvn/maven.config}, so that a command works as a user writes it. */
    String configuration() {
        return String.join("\n", settings()) + "\n";
    }

    private List<String> settings() {
        return List.of(
                "-Dmaven.repo.local=" + repository,
                "-Denvctl.version=" + VERSION,
                "-Dsurefire.version=" + System.getProperty("it.surefire", ""));
    }

    private List<String> command(String... words) {
        var command = new ArrayList<>(List.of("mvn", "-B"));
        command.addAll(settings());
        command.addAll(List.of(words));
        return command;
    }
}
