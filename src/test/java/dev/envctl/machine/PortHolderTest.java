package dev.envctl.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PortHolderTest {
    /** Of Linux 6.1: a listener on 127.0.0.1:5432, and a connection from port 5433. */
    private static final String TCP = """
              sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
               0: 0100007F:1538 00000000:0000 0A 00000000:00000000 00:00000000 00000000    70        0 40123 1 0 100 0 0 10 0
               1: 0100007F:1539 0100007F:1538 01 00000000:00000000 00:00000000 00000000     0        0 40124 1 0 20 4 30 10 -1
            """;
    /** A listener on [::]:6379. */
    private static final String TCP6 = """
              sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
               0: 00000000000000000000000000000000:18EB 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000   999        0 40200 1 0 100 0 0 10 0
            """;

    @TempDir
    Path root;

    @BeforeEach
    void writeTables() throws IOException {
        Files.createDirectories(root.resolve("proc/net"));
        Files.writeString(root.resolve("proc/net/tcp"), TCP);
        Files.writeString(root.resolve("proc/net/tcp6"), TCP6);
    }

    @Test
    void namesTheProcessThatListens() throws IOException {
        process(811, "bash", "pipe:[7]");
        process(812, "postgres", "socket:[40123]");

        assertThat(PortHolder.find(root, 5432)).contains("process 812 (postgres)");
    }

    @Test
    void looksAtBothFamiliesOfAddresses() throws IOException {
        process(900, "redis-server", "socket:[40200]");

        assertThat(PortHolder.find(root, 6379)).contains("process 900 (redis-server)");
    }

    @Test
    void aConnectionIsNoListener() throws IOException {
        process(812, "psql", "socket:[40124]");

        assertThat(PortHolder.find(root, 5433)).isEmpty();
    }

    @Test
    void saysSoWhenTheProcessCannotBeSeen() throws IOException {
        process(811, "bash", "pipe:[7]");

        assertThat(PortHolder.find(root, 5432)).contains("a process of another user");
    }

    @Test
    void isEmptyWhereThereIsNoProc() {
        assertThat(PortHolder.find(root.resolve("macos"), 5432)).isEmpty();
    }

    private void process(int pid, String name, String descriptor) throws IOException {
        var descriptors = Files.createDirectories(root.resolve("proc/" + pid + "/fd"));
        Files.createSymbolicLink(descriptors.resolve("3"), Path.of(descriptor));
        Files.writeString(root.resolve("proc/" + pid + "/comm"), name + "\n");
    }
}
