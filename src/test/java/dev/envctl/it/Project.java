package dev.envctl.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * A user's project in a temporary folder, and the real {@code envctl} run in it. Closing it runs {@code down} for every
 * environment and fails if anything is left on the machine.
 */
final class Project implements AutoCloseable {
    static final Path CHECKOUT =
            Path.of(System.getProperty("envctl.basedir", "")).toAbsolutePath().normalize();
    /** Of a script with downloads, builds and whole test runs in it. */
    static final Duration LONG = Duration.ofMinutes(20);

    private static final Duration LIMIT = Duration.ofMinutes(5);

    private final Path folder;
    private final Map<String, String> variables = new HashMap<>();

    private Project(Path folder) {
        this.folder = folder;
    }

    /** A project with one environment. */
    static Project with(String name, String yaml) {
        try {
            var project = new Project(Files.createTempDirectory("envctl-it").toRealPath());
            return project.and(name, yaml);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A project with everything that is in a folder of the checkout. */
    static Project withCopyOf(String folder) {
        try {
            var project = new Project(Files.createTempDirectory("envctl-it").toRealPath());
            try (var files = Files.walk(CHECKOUT.resolve(folder))) {
                for (var file : files.filter(Files::isRegularFile).toList()) {
                    project.file(CHECKOUT.relativize(file).toString(), Files.readString(file));
                }
            }
            return project;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Everything that is in a folder of the checkout, but for what running it there has made, at the top of the project. */
    Project andFilesOf(String folder) {
        var from = CHECKOUT.resolve(folder);
        try (var files = Files.walk(from)) {
            for (var file : files.filter(Files::isRegularFile)
                    .filter(each ->
                            !each.startsWith(from.resolve("target")) && !each.startsWith(from.resolve(".envctl")))
                    .toList()) {
                file(from.relativize(file).toString(), Files.readString(file));
            }
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** An environment with Postgres, Redis and two workers. */
    static String small(String name) {
        return """
                apiVersion: envctl.dev/v1
                kind: Environment
                metadata: {name: %s}
                services: {postgres: {}, redis: {}}
                workers: {count: 2}
                """.formatted(name);
    }

    Project and(String name, String yaml) {
        return file("environments/" + name + ".yaml", yaml);
    }

    Project file(String path, String text) {
        try {
            var file = folder.resolve(path);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where envctl keeps images and installs, as long as no variable says otherwise. */
    static Path cache() {
        var variables = System.getenv();
        var own = variables.getOrDefault("ENVCTL_CACHE", "");
        var all = variables.getOrDefault("XDG_CACHE_HOME", "");
        var home = Path.of(variables.getOrDefault("HOME", System.getProperty("user.home", "")));
        if (!own.isEmpty()) {
            return Path.of(own).toAbsolutePath();
        }
        return (all.startsWith("/") ? Path.of(all) : home.resolve(".cache")).resolve("envctl");
    }

    /** Sets an environment variable for every program run from here on; an empty value removes it. */
    Project variable(String name, String value) {
        variables.put(name, value);
        return this;
    }

    Path folder() {
        return folder;
    }

    /** The folder of an environment's files. */
    Path files(String name) {
        return folder.resolve(".envctl").resolve(name);
    }

    /** Runs envctl to its end. */
    Ran envctl(String... arguments) {
        return await(start(envctlCommand(arguments)), LIMIT);
    }

    /** Runs envctl and expects success. */
    Ran succeeds(String... arguments) {
        var ran = envctl(arguments);
        assertThat(ran.exitCode()).as(ran.all()).isZero();
        return ran;
    }

    /** Starts envctl without waiting. */
    Process startEnvctl(String... arguments) {
        return start(envctlCommand(arguments));
    }

    /** Runs any program in the project, with more variables set. */
    Ran program(Map<String, String> more, String... command) {
        return await(start(List.of(command), more), LIMIT);
    }

    /** Runs a script in the project; {@code "$ENVCTL"} is the launcher. */
    Ran bash(String script) {
        return bash(script, LIMIT);
    }

    /** The same for a script that takes longer. */
    Ran bash(String script, Duration limit) {
        var process = start(
                List.of("bash", "-euo", "pipefail", "-c", script),
                Map.of("ENVCTL", CHECKOUT.resolve("envctl").toString()));
        return await(process, limit);
    }

    /** Starts any program in the project without waiting. */
    Process startProgram(List<String> command) {
        return start(command);
    }

    /** The variables that a script exports, after all that bash makes of quotes. */
    Map<String, String> exportedBy(String script) {
        var ran = bash("env -0; printf '\\1\\0'; set -a; " + script + "; env -0");
        assertThat(ran.exitCode()).as(ran.all()).isZero();
        var parts = ran.stdout().split("\u0001\0", -1);
        var exported = environment(parts[1]);
        exported.entrySet().removeAll(environment(parts[0]).entrySet());
        // What bash sets by itself.
        exported.keySet().removeAll(List.of("_", "SHLVL"));
        return exported;
    }

    private static Map<String, String> environment(String text) {
        var found = new TreeMap<String, String>();
        for (var entry : text.split("\0", -1)) {
            var equals = entry.indexOf('=');
            if (equals > 0) {
                found.put(entry.substring(0, equals), entry.substring(equals + 1));
            }
        }
        return found;
    }

    private static List<String> envctlCommand(String... arguments) {
        var command = new ArrayList<String>();
        command.add(CHECKOUT.resolve("envctl").toString());
        command.addAll(List.of(arguments));
        return command;
    }

    private Process start(List<String> command) {
        return start(command, Map.of());
    }

    private Process start(List<String> command, Map<String, String> more) {
        var builder = new ProcessBuilder(command).directory(folder.toFile());
        set(builder.environment(), variables);
        set(builder.environment(), more);
        try {
            var process = builder.start();
            process.getOutputStream().close();
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void set(Map<String, @Nullable String> target, Map<String, String> values) {
        values.forEach((name, value) -> {
            if (value.isEmpty()) {
                target.remove(name);
            } else {
                target.put(name, value);
            }
        });
    }

    /** Waits for a program that was started here and collects what it wrote; ends it when time runs out. */
    Ran await(Process process, Duration limit) {
        var begun = System.nanoTime();
        var stdout = CompletableFuture.supplyAsync(() -> text(process.getInputStream()));
        var stderr = CompletableFuture.supplyAsync(() -> text(process.getErrorStream()));
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                end(process);
                throw new AssertionError("did not end within %s: %s%n%s"
                        .formatted(limit, process.info().commandLine().orElse("?"), stderr.get(5, TimeUnit.SECONDS)));
            }
            return new Ran(
                    process.exitValue(),
                    stdout.get(10, TimeUnit.SECONDS),
                    stderr.get(10, TimeUnit.SECONDS),
                    Duration.ofNanos(System.nanoTime() - begun));
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            end(process);
            throw new AssertionError("could not wait for " + process.info(), e);
        }
    }

    /** With what it has started, which would hold its output open, and an environment. */
    private static void end(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    private static String text(InputStream stream) {
        try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The hand-off of a running environment. */
    JsonObject handOff(String name) {
        return json(files(name).resolve("environment.json"));
    }

    JsonObject json(Path file) {
        try {
            return JsonParser.parseString(Files.readString(file)).getAsJsonObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Fails where anything of this project's environments is still there. */
    void assertNothingLeft() {
        Leftovers.assertNone(folder);
    }

    @Override
    public void close() {
        try (var environments = Files.list(folder.resolve("environments"))) {
            for (var file : environments.filter(Files::isRegularFile).toList()) {
                var name = file.getFileName().toString().replaceAll("\\.yaml$", "");
                variables.clear();
                succeeds("down", "-e", name);
            }
            assertNothingLeft();
            delete(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) throws IOException {
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure)
                    throws IOException {
                Files.delete(directory);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
