package dev.envctl.machine;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;

/** Established TCP connections of this host, from Linux's /proc (see proc(5)). */
public final class Connections {
    private static final String ESTABLISHED = "01";
    private static final int REMOTE_ADDRESS = 2;
    private static final int STATE = 3;
    private static final int INODE = 9;

    private final Path proc;

    public Connections() {
        this(Path.of("/proc"));
    }

    Connections(Path proc) {
        this.proc = proc;
    }

    /** Whether another process of this host is connected to one of these ports. */
    public boolean to(IntPredicate ports) {
        var own = ownSockets();
        return List.of("net/tcp", "net/tcp6").stream()
                .flatMap(table -> lines(proc.resolve(table)).stream().skip(1))
                .map(line -> line.strip().split("\\s+"))
                .filter(columns -> columns.length > INODE && columns[STATE].equals(ESTABLISHED))
                .filter(columns -> ports.test(port(columns[REMOTE_ADDRESS])))
                .anyMatch(columns -> !own.contains("socket:[" + columns[INODE] + "]"));
    }

    private static int port(String address) {
        return Integer.parseInt(address.substring(address.indexOf(':') + 1), 16);
    }

    private Set<String> ownSockets() {
        var own = new HashSet<String>();
        try (var links = Files.newDirectoryStream(proc.resolve("self/fd"))) {
            for (var link : links) {
                own.add(target(link));
            }
        } catch (IOException | DirectoryIteratorException e) {
            // What we cannot see counts as somebody's: the environment rather stays.
            return own;
        }
        return own;
    }

    /** Empty for what was closed meanwhile. */
    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            return "";
        }
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            return List.of();
        }
    }
}
