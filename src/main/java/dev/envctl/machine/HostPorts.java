package dev.envctl.machine;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.spec.PortRange;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * TCP ports of 127.0.0.1 that this process has set aside. A port is exclusive between all environments of this machine: each
 * is a one-byte kernel lock at the port's own offset in one shared file, so it comes back by itself when we die.
 *
 * <p>One instance per process: closing any channel of a file drops all the locks this process has on it.
 */
public final class HostPorts implements AutoCloseable {
    private static final String LOCK_FILE = "envctl-ports.lock";

    private final FileChannel channel;
    private final Map<Integer, FileLock> locks = new TreeMap<>();
    private final Path root;

    /**
     * Nothing is set aside yet.
     *
     * @param lockFile shared by all environments; made when it is not there
     */
    public HostPorts(Path lockFile) {
        this(HostWideFile.own(lockFile), Path.of("/"));
    }

    private HostPorts(FileChannel channel, Path root) {
        this.channel = channel;
        this.root = root;
    }

    /**
     * Nothing is set aside yet.
     *
     * @param fallback see {@link HostWideFile#open}: where that is used, ports are exclusive between those who have the same one
     */
    public static HostPorts of(Machine machine, Path fallback) {
        return new HostPorts(HostWideFile.open(machine, LOCK_FILE, fallback), machine.root());
    }

    /**
     * Sets one port aside.
     *
     * @param purpose what it is for, as it reads in a message
     * @param requested the port the user asked for, or empty for any free one of the range
     * @param published ports that containers publish, which need no process that listens
     */
    public synchronized int reserve(String purpose, OptionalInt requested, PortRange range, Set<Integer> published) {
        return requested.isPresent()
                ? reserveRequested(purpose, requested.getAsInt(), published)
                : reserveBlock(purpose, 1, range, published).from();
    }

    /** Sets {@code size} neighbouring ports aside, the lowest that are free. */
    public synchronized PortRange reserveBlock(String purpose, int size, PortRange range, Set<Integer> published) {
        var first = range.from();
        while (first + size - 1 <= range.to()) {
            var taken = firstTaken(first, size, published);
            if (taken.isEmpty()) {
                return new PortRange(first, first + size - 1);
            }
            first = taken.getAsInt() + 1;
        }
        throw new EnvctlException(
                FailureKind.FAILED,
                size == 1
                        ? "No port is free for %s: all of %s are taken.".formatted(purpose, range)
                        : "No %d neighbouring ports are free for %s in %s.".formatted(size, purpose, range),
                "Choose a wider or another range under `ports:` in the environment file, or end what holds them"
                        + " (`ss -ltnp` lists it).");
    }

    private int reserveRequested(String purpose, int port, Set<Integer> published) {
        if (firstTaken(port, 1, published).isPresent()) {
            throw new EnvctlException(
                    FailureKind.FAILED,
                    "Port %d, asked for as %s, is taken by %s.".formatted(port, purpose, holder(port, published)),
                    "End it, or ask for another port, or remove `port:` to get any free one.");
        }
        return port;
    }

    private String holder(int port, Set<Integer> published) {
        return PortHolder.find(root, port)
                .or(() -> Optional.of("a container").filter(container -> published.contains(port)))
                .orElse("another environment");
    }

    /** The first port of the block that cannot be had; where there is none, all of them are ours now. */
    private OptionalInt firstTaken(int first, int size, Set<Integer> published) {
        for (var port = first; port < first + size; port++) {
            if (published.contains(port) || !lock(port)) {
                release(first, port);
                return OptionalInt.of(port);
            }
            if (!bindable(port)) {
                release(first, port + 1);
                return OptionalInt.of(port);
            }
        }
        return OptionalInt.empty();
    }

    /** Takes back ports that an earlier primary of the same environment had, whatever listens on them now: all or none. */
    public synchronized void adopt(PortRange ports) {
        var taken = new ArrayList<Integer>();
        for (var port = ports.from(); port <= ports.to(); port++) {
            if (locks.containsKey(port)) {
                continue;
            }
            if (lock(port)) {
                taken.add(port);
            } else {
                taken.forEach(mine -> release(mine, mine + 1));
                throw new EnvctlException(
                        FailureKind.FAILED, "Port %d has been taken by another environment.".formatted(port), "");
            }
        }
    }

    /** Gives ports back that were set aside here. */
    public synchronized void release(PortRange ports) {
        release(ports.from(), ports.to() + 1);
    }

    /** Gives back all that is set aside. */
    public synchronized void releaseAll() {
        List.copyOf(locks.keySet()).forEach(port -> release(port, port + 1));
    }

    /** Whether nobody listens on ports that are set aside already. */
    public synchronized boolean areFree(PortRange ports) {
        return IntStream.rangeClosed(ports.from(), ports.to()).allMatch(HostPorts::bindable);
    }

    private boolean lock(int port) {
        if (locks.containsKey(port)) {
            return false;
        }
        try {
            var lock = channel.tryLock(port, 1, false);
            if (lock == null) {
                return false;
            }
            locks.put(port, lock);
            return true;
        } catch (OverlappingFileLockException e) {
            return false;
        } catch (IOException e) {
            throw new EnvctlException(
                    FailureKind.FAILED, "Port %d cannot be locked: %s".formatted(port, e.getMessage()), "", e);
        }
    }

    private void release(int from, int before) {
        for (var port = from; port < before; port++) {
            var lock = locks.remove(port);
            if (lock != null) {
                try {
                    lock.release();
                } catch (IOException e) {
                    throw new EnvctlException(
                            FailureKind.FAILED,
                            "Port %d cannot be unlocked: %s".formatted(port, e.getMessage()),
                            "",
                            e);
                }
            }
        }
    }

    private static boolean bindable(int port) {
        try (var socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public synchronized void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // The kernel releases the locks when the process ends.
            return;
        } finally {
            locks.clear();
        }
    }
}
