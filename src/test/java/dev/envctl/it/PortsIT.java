package dev.envctl.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Ports that cannot be had end {@code up} with a reason, before anything is made. */
final class PortsIT {
    /** The API server, Postgres, and one worker with one port. */
    private static final int NEEDED = 3;

    @Test
    void refusesATakenPortAndNamesWhoHasIt() throws IOException {
        try (var taken = listen(0);
                var project = Project.with("hap-taken", """
                        apiVersion: envctl.dev/v1
                        kind: Environment
                        metadata: {name: hap-taken}
                        services: {postgres: {port: %d}}
                        workers: {count: 1}
                        """.formatted(taken.getLocalPort()))) {
            var ran = project.envctl("up", "-e", "hap-taken");

            assertThat(ran.exitCode()).as(ran.all()).isEqualTo(1);
            assertThat(ran.stdout()).isEmpty();
            assertThat(ran.stderr())
                    .contains("Port %d, asked for as services.postgres.port, is taken by process %d (java)."
                            .formatted(
                                    taken.getLocalPort(),
                                    ProcessHandle.current().pid()))
                    .contains("next:");
            assertNothingWasMade(project, "hap-taken");
        }
    }

    @Test
    void refusesARangeThatHoldsTooFew() {
        try (var project = Project.with("hap-narrow", range("hap-narrow", 26000, 26000 + NEEDED - 2))) {
            var ran = project.envctl("up", "-e", "hap-narrow");

            assertThat(ran.exitCode()).as(ran.all()).isEqualTo(2);
            assertThat(ran.stderr())
                    .contains("1 workers × 1 ports + 1 service + 1 API server = 3, but 26000-26001 holds 2")
                    .contains("hap-narrow.yaml:");
            assertThat(project.folder().resolve(".envctl")).doesNotExist();
            assertNothingWasMade(project, "hap-narrow");
        }
    }

    @Test
    void refusesARangeThatOthersListenOn() throws IOException {
        var taken = listenOnNeighbours(NEEDED);
        var first = taken.get(0).getLocalPort();
        try (var project = Project.with("hap-full", range("hap-full", first, first + NEEDED - 1))) {
            var ran = project.envctl("up", "-e", "hap-full");

            assertThat(ran.exitCode()).as(ran.all()).isEqualTo(1);
            assertThat(ran.stderr())
                    .contains("No port is free for the API server: all of %d-%d are taken."
                            .formatted(first, first + NEEDED - 1))
                    .contains("`ports:`");
            assertNothingWasMade(project, "hap-full");
        } finally {
            close(taken);
        }
    }

    private static void assertNothingWasMade(Project project, String name) {
        assertThat(Leftovers.containers(name)).isEmpty();
        project.assertNothingLeft();
        assertThat(project.envctl("status", "-e", name).exitCode()).isEqualTo(6);
    }

    private static String range(String name, int from, int to) {
        return """
                apiVersion: envctl.dev/v1
                kind: Environment
                metadata: {name: %s}
                services: {postgres: {}}
                workers: {count: 1, ports: 1}
                ports: {from: %d, to: %d}
                """.formatted(name, from, to);
    }

    private static ServerSocket listen(int port) throws IOException {
        var socket = new ServerSocket();
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return socket;
    }

    /** Wherever so many neighbours are free. */
    private static List<ServerSocket> listenOnNeighbours(int count) throws IOException {
        for (var first = 26000; first < 32000; first += count) {
            var listening = new ArrayList<ServerSocket>();
            try {
                for (var port = first; port < first + count; port++) {
                    listening.add(listen(port));
                }
                return listening;
            } catch (IOException e) {
                close(listening);
            }
        }
        throw new IOException("no %d neighbouring ports are free".formatted(count));
    }

    private static void close(List<ServerSocket> sockets) throws IOException {
        for (var socket : sockets) {
            socket.close();
        }
    }
}
