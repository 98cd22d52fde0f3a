package dev.envctl.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Looks, by other means than envctl's own, for what an environment of a project may have left on this machine. */
final class Leftovers {
    private Leftovers() {}

    static void assertNone(Path project) {
        assertThat(of(project)).as("left on this machine by " + project).isEmpty();
    }

    static List<String> of(Path project) {
        var left = new ArrayList<String>();
        for (var name : names(project)) {
            containers(name).forEach(container -> left.add("container " + container));
            for (var line : podman("volume", "ls", "--format", "{{.Name}} {{.Labels}}")) {
                if (line.contains("envctl-" + name + "-")) {
                    left.add("volume " + line);
                }
            }
            for (var line : podman("network", "ls", "--format", "{{.Name}}")) {
                if (line.startsWith("envctl-" + name + "-")) {
                    left.add("network " + line);
                }
            }
        }
        ProcessHandle.allProcesses()
                .filter(process -> belongs(process.info().commandLine().orElse(""), project))
                .forEach(process ->
                        left.add("process " + process.info().commandLine().orElse("?")));
        left.addAll(files(project));
        return left;
    }

    /** Programs that were given its files, and those that watch over its nodes. */
    private static boolean belongs(String commandLine, Path project) {
        return commandLine.contains(project.toString())
                || names(project).stream().anyMatch(name -> commandLine.contains("envctl-" + name + "-"));
    }

    /** The nodes of an environment, running or not. */
    static List<String> containers(String environment) {
        return podman("ps", "-a", "--format", "{{.Names}}").stream()
                .filter(name -> name.startsWith("envctl-" + environment + "-"))
                .toList();
    }

    /** Names of the environments whose files lie in the project. */
    private static List<String> names(Path project) {
        var folder = project.resolve(".envctl");
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> environments = Files.list(folder)) {
            return environments.map(path -> path.getFileName().toString()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** After an end in order only the lock, the logs and the timeline stay. */
    private static List<String> files(Path project) {
        var left = new ArrayList<String>();
        for (var name : names(project)) {
            try (Stream<Path> files = Files.list(project.resolve(".envctl").resolve(name))) {
                files.map(path -> path.getFileName().toString())
                        .filter(file ->
                                !List.of("lock", "logs", "timeline.json").contains(file))
                        .forEach(file -> left.add("file .envctl/" + name + "/" + file));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return left;
    }

    private static List<String> podman(String... arguments) {
        var command = new ArrayList<>(List.of("podman"));
        command.addAll(List.of(arguments));
        try {
            var process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            try (var stream = process.getInputStream()) {
                return new String(stream.readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .toList();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
