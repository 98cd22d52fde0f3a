package dev.envctl.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Finds the process that listens on a TCP port, from Linux's /proc (see proc(5)). */
final class PortHolder {
    private static final String LISTEN = "0A";
    private static final int LOCAL_ADDRESS = 1;
    private static final int STATE = 3;
    private static final int INODE = 9;

    private PortHolder() {}

    /** For example {@code process 812 (postgres)}; empty where nothing listens or it cannot be seen. */
    static Optional<String> find(Path root, int port) {
        var proc = root.resolve("proc");
        var sockets = new HashSet<String>();
        for (var table : List.of("net/tcp", "net/tcp6")) {
            lines(proc.resolve(table)).stream()
                    .skip(1)
                    .map(line -> line.strip().split("\\s+"))
                    .filter(columns -> columns.length > INODE
                            && columns[STATE].equals(LISTEN)
                            && columns[LOCAL_ADDRESS].endsWith(":" + String.format(Locale.ROOT, "%04X", port)))
                    .forEach(columns -> sockets.add("socket:[" + columns[INODE] + "]"));
        }
        if (sockets.isEmpty()) {
            return Optional.empty();
        }
        try (var processes = Files.newDirectoryStream(proc, "[0-9]*")) {
            for (var process : processes) {
                if (holdsOne(process.resolve("fd"), sockets)) {
                    var name = String.join("", lines(process.resolve("comm"))).strip();
                    return Optional.of("process %s (%s)".formatted(process.getFileName(), name));
                }
            }
        } catch (IOException e) {
            return Optional.of("a process that cannot be seen");
        }
        return Optional.of("a process of another user");
    }

    private static boolean holdsOne(Path descriptors, Set<String> sockets) {
        try (DirectoryStream<Path> links = Files.newDirectoryStream(descriptors)) {
            for (var link : links) {
                if (sockets.contains(Files.readSymbolicLink(link).toString())) {
                    return true;
                }
            }
        } catch (IOException | java.nio.file.DirectoryIteratorException e) {
            // Ended meanwhile, or not ours to look at.
            return false;
        }
        return false;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException | UncheckedIOException e) {
            return List.of();
        }
    }
}
