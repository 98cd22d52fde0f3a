package dev.envctl.engine;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.process.Background;
import dev.envctl.process.Command;
import dev.envctl.process.LeftoverPrograms;
import dev.envctl.process.Programs;
import dev.envctl.readiness.Answer;
import dev.envctl.readiness.Deadline;
import dev.envctl.readiness.Wait;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Podman's API on machines where no service manager offers its socket: {@code podman system service}, started when it is
 * needed. It ends by itself after a short time without connections, so it cannot outlive us for long whatever happens.
 */
final class PodmanService implements AutoCloseable {
    private static final String IDLE_SECONDS = "10";
    private static final Duration START_LIMIT = Duration.ofSeconds(15);

    private final Programs programs;
    private final Path socket;
    private final Path log;
    private @Nullable Background service;

    PodmanService(Programs programs, Path socket, Path log) {
        this.programs = programs;
        this.socket = socket;
        this.log = log;
    }

    String address() {
        return "unix://" + socket;
    }

    /** Returns once the socket answers. */
    synchronized void ensureRunning(Wait wait) {
        if (service != null && answers(socket)) {
            return;
        }
        end();
        var command = Command.of("podman", "system", "service", "--time", IDLE_SECONDS, address())
                .inOwnSession()
                // What it leaves running for all its networks (aardvark-dns) must not hold the user's folder.
                .in(Path.of("/"));
        var started = programs.start(command, log);
        service = started;
        wait.until(
                "the Podman API at " + address(), Deadline.in(START_LIMIT), Duration.ofMillis(20), reason -> {}, () -> {
                    if (answers(socket)) {
                        return Answer.ready(socket);
                    }
                    return started.alive()
                            ? Answer.notYet("the socket does not answer yet")
                            : Answer.hopeless(new EnvctlException(
                                    FailureKind.PREREQUISITE,
                                    "`%s` ended with exit code %d.".formatted(command.paste(), started.exitCode()),
                                    "See " + log + ", and run `podman info` to see what is wrong with Podman."));
                });
    }

    static boolean answers(Path socket) {
        if (!Files.exists(socket)) {
            return false;
        }
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            return channel.connect(UnixDomainSocketAddress.of(socket));
        } catch (IOException e) {
            return false;
        }
    }

    private void end() {
        var running = service;
        if (running != null) {
            running.end();
            service = null;
        } else if (Files.exists(socket)) {
            // That of a process of ours that was killed: it may still be doing what it was asked for.
            new LeftoverPrograms().end(Set.of("podman"), address());
        }
        try {
            Files.deleteIfExists(socket);
        } catch (IOException e) {
            // Podman refuses to listen on a socket that is still there and says so in its log.
            return;
        }
    }

    @Override
    public synchronized void close() {
        end();
    }
}
