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
        var left = of(project);
        // A primary gives its lock back a moment before its process ends.
        for (var look = 0; look < 20 && !left.isEmpty() && left.stream().allMatch(Leftovers::isProcess); look++) {
            pause();
            left = of(project);
        }
        assertThat(left).as("left on this machine by " + project).isEmpty();
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
        left.addAll(halfMadeContainers(project));
        left.addAll(processes(project));
        left.addAll(files(project));
        return left;
    }

    /** The nodes of an environment, running or not. */
    static List<String> containers(String environment) {
        return podman("ps", "-a", "--format", "{{.Names}}").stream()
                .filter(name -> name.startsWith("envctl-" + environment + "-"))
                .toList();
    }

    /** Names of the clusters of an environment that there are, whole or in part. */
    static List<String> clusters(String environment) {
        var found = new java.util.TreeSet<String>();
        var name = java.util.regex.Pattern.compile(
                "envctl-" + java.util.regex.Pattern.quote(environment) + "-[0-9a-f]{8}");
        for (var line : podman("ps", "-a", "--external", "--format", "{{.Names}}")) {
            name.matcher(line).results().forEach(match -> found.add(match.group()));
        }
        for (var line : podman("volume", "ls", "--format", "{{.Name}} {{.Labels}}")) {
            name.matcher(line).results().forEach(match -> found.add(match.group()));
        }
        for (var line : podman("network", "ls", "--format", "{{.Name}}")) {
            name.matcher(line).results().forEach(match -> found.add(match.group()));
        }
        return List.copyOf(found);
    }

    /** Containers that Podman has in its store but does not know. */
    private static List<String> halfMadeContainers(Path project) {
        return podman("ps", "-a", "--external", "--format", "{{.Names}} {{.Status}}").stream()
                .filter(line -> line.endsWith(" Storage"))
                .filter(line -> names(project).stream().anyMatch(name -> line.startsWith("envctl-" + name + "-")))
                .map(line -> "container " + line)
                .toList();
    }

    private static boolean isProcess(String line) {
        return line.startsWith("process ");
    }

    /** What works in the project or names it or one of its clusters, but not what has ended and is only not yet buried. */
    private static List<String> processes(Path project) {
        var clusters =
                names(project).stream().map(name -> "envctl-" + name + "-").toList();
        return ProcessHandle.allProcesses()
                .filter(process -> process.pid() != ProcessHandle.current().pid())
                .filter(process -> process.info().command().isPresent())
                .filter(process -> {
                    var line = process.info().commandLine().orElse("");
                    return line.contains(project.toString())
                            || clusters.stream().anyMatch(line::contains)
                            || worksIn(process, project);
                })
                .map(process -> "process %d %s"
                        .formatted(process.pid(), process.info().commandLine().orElse("?")))
                .toList();
    }

    /** A primary's command line does not name its project. */
    private static boolean worksIn(ProcessHandle process, Path project) {
        try {
            return Files.readSymbolicLink(Path.of("/proc", Long.toString(process.pid()), "cwd"))
                    .startsWith(project);
        } catch (IOException e) {
            return false;
        }
    }

    private static void pause() {
        try {
            Thread.sleep(100);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
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

    /** After an end in order only the lock, the logs, the timeline and what suites wrote stay. */
    private static List<String> files(Path project) {
        var left = new ArrayList<String>();
        for (var name : names(project)) {
            try (Stream<Path> files = Files.list(project.resolve(".envctl").resolve(name))) {
                files.map(path -> path.getFileName().toString())
                        .filter(file -> !List.of("lock", "logs", "suites", "timeline.json")
                                .contains(file))
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
