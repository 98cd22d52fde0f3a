package dev.envctl.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConnectionsTest {
    private static final String TABLE = """
              sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
               0: 0100007F:3A98 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 111 1 0
               1: 0100007F:D431 0100007F:3A98 01 00000000:00000000 00:00000000 00000000     0        0 222 1 0
               2: 0100007F:D432 0100007F:3A99 06 00000000:00000000 00:00000000 00000000     0        0 333 1 0
            """;

    @TempDir
    private Path proc = Path.of("");

    @Test
    void knowsWhoIsConnected() throws IOException {
        Files.createDirectories(proc.resolve("net"));
        Files.writeString(proc.resolve("net/tcp"), TABLE);
        var connections = new Connections(proc);

        assertThat(connections.to(port -> port == 0x3A98)).isTrue();
        assertThat(connections.to(port -> port == 0x3A99)).isFalse();
        assertThat(connections.to(port -> port == 0xD431)).isFalse();
    }

    @Test
    void ourOwnDoNotCount() throws IOException {
        Files.createDirectories(proc.resolve("net"));
        Files.createDirectories(proc.resolve("self/fd"));
        Files.writeString(proc.resolve("net/tcp"), TABLE);
        Files.createSymbolicLink(proc.resolve("self/fd/5"), Path.of("socket:[222]"));

        assertThat(new Connections(proc).to(port -> port == 0x3A98)).isFalse();
    }

    @Test
    void thoseOfThisProcessAreReallyItsOwn() throws IOException {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var client = new Socket(server.getInetAddress(), server.getLocalPort())) {
            assertThat(client.isConnected()).isTrue();
            assertThat(new Connections().to(port -> port == server.getLocalPort()))
                    .isFalse();
        }
    }
}
