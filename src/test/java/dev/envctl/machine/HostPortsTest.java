package dev.envctl.machine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.envctl.EnvctlException;
import dev.envctl.process.Background;
import dev.envctl.process.Command;
import dev.envctl.process.SystemPrograms;
import dev.envctl.spec.PortRange;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostPortsTest {
    private static final int SIZE = 12;

    @TempDir
    Path folder;

    private HostPorts ports = new HostPorts(Path.of("/dev/null"));
    /** All of these are free when a test begins. */
    private PortRange range = new PortRange(1, 1);

    private int first = 1;

    @BeforeEach
    void open() {
        ports = new HostPorts(lockFile());
        // Elsewhere in each process: another build on this machine looks for free ports too.
        first = IntStream.iterate(21_000 + (int) (ProcessHandle.current().pid() % 500) * SIZE, from -> from + SIZE)
                .filter(from -> IntStream.range(from, from + SIZE).allMatch(HostPortsTest::isFree))
                .findFirst()
                .orElseThrow();
        range = new PortRange(first, first + SIZE - 1);
    }

    @AfterEach
    void close() {
        ports.close();
    }

    @Test
    void givesAgainWhatWasGivenBack() {
        var block = block(3);
        ports.release(block);

        assertThat(block(3)).isEqualTo(block);
    }

    @Test
    void knowsThatSomebodyListensOnAPortThatIsSetAside() throws IOException {
        var block = block(3);
        assertThat(ports.areFree(block)).isTrue();

        try (var server = listen(block.from() + 1)) {
            assertThat(server.isBound()).isTrue();
            assertThat(ports.areFree(block)).isFalse();
        }
    }

    /** Jobs of one build server, or two users: each has a cache of its own. */
    @Test
    void thoseWithDifferentCachesDoNotShareAPort() throws IOException {
        var machine = new FakeMachine(folder.resolve("machine"))
                .file("/run/lock/.keep", "")
                .look();
        Files.setPosixFilePermissions(machine.root().resolve("run/lock"), PosixFilePermissions.fromString("rwxrwxrwx"));
        try (var one = HostPorts.of(machine, folder.resolve("one.lock"));
                var other = HostPorts.of(machine, folder.resolve("other.lock"))) {
            var block = one.reserveBlock("worker 1", 3, range, Set.of());

            assertThat(other.reserveBlock("worker 1", 3, range, Set.of()).from())
                    .isEqualTo(block.to() + 1);
        }
        assertThat(folder.resolve("one.lock")).doesNotExist();
    }

    @Test
    void givesTheLowestPorts() {
        assertThat(any()).isEqualTo(first);
        assertThat(any()).isEqualTo(first + 1);
        assertThat(block(3)).isEqualTo(new PortRange(first + 2, first + 4));
    }

    @Test
    void aBlockLeapsOverAPortThatAContainerPublishes() {
        var block = ports.reserveBlock("worker 1", 4, range, Set.of(first + 2));

        assertThat(block).isEqualTo(new PortRange(first + 3, first + 6));
    }

    @Test
    void whatABlockLeaptOverStaysFreeForSinglePorts() {
        ports.reserveBlock("worker 1", 4, range, Set.of(first + 2));

        assertThat(any()).isEqualTo(first);
    }

    @Test
    void leapsOverAPortWhereSomebodyListens() throws IOException {
        try (var listening = listen(first)) {
            assertThat(any()).isEqualTo(listening.getLocalPort() + 1);
        }
    }

    @Test
    void givesThePortAskedForAlsoOutsideTheRange() {
        var narrow = new PortRange(first, first + 1);

        assertThat(ports.reserve("services.postgres.port", OptionalInt.of(first + 5), narrow, Set.of()))
                .isEqualTo(first + 5);
    }

    @Test
    void namesTheProcessThatHoldsThePortAskedFor() throws IOException {
        try (var listening = listen(first)) {
            assertThat(requestFailure(listening.getLocalPort(), Set.of()).problem())
                    .isEqualTo("Port %d, asked for as services.postgres.port, is taken by process %d (java)."
                            .formatted(first, ProcessHandle.current().pid()));
        }
    }

    @Test
    void saysThatAContainerHasThePortAskedFor() {
        assertThat(requestFailure(first, Set.of(first)).problem()).endsWith("is taken by a container.");
    }

    @Test
    void refusesWhenTheRangeIsTooNarrow() {
        var failure = catchThrowableOfType(EnvctlException.class, () -> block(SIZE + 1));

        assertThat(failure.problem())
                .isEqualTo("No %d neighbouring ports are free for worker 1 in %s.".formatted(SIZE + 1, range));
    }

    @Test
    void aFailedBlockKeepsNothing() {
        assertThatThrownBy(() -> ports.reserveBlock("worker 1", SIZE, range, Set.of(first + SIZE - 1)))
                .isInstanceOf(EnvctlException.class);

        assertThat(any()).isEqualTo(first);
    }

    @Test
    void anotherProcessGetsOtherPorts() throws IOException {
        var other = holdElsewhere(first);

        assertThat(any()).isEqualTo(first + 1);
        assertThat(requestFailure(first, Set.of()).problem()).endsWith("is taken by another environment.");

        other.end();
    }

    @Test
    void thePortsOfAProcessThatWasKilledAreFreeAgain() throws IOException {
        holdElsewhere(first).end();

        assertThat(any()).isEqualTo(first);
    }

    @Test
    void takesOverPortsWhereItsServicesListenAlready() throws IOException {
        try (var listening = listen(first)) {
            ports.adopt(new PortRange(listening.getLocalPort(), first + 1));
        }

        assertThat(any()).isEqualTo(first + 2);
    }

    @Test
    void doesNotTakeOverWhatAnotherProcessHas() throws IOException {
        var other = holdElsewhere(first);

        var failure = catchThrowableOfType(EnvctlException.class, () -> ports.adopt(new PortRange(first, first)));

        assertThat(failure.problem()).isEqualTo("Port %d has been taken by another environment.".formatted(first));
        other.end();
    }

    @Test
    void givesBackAllAfterATakeoverThatFailedHalfway() throws IOException {
        var other = holdElsewhere(first + 2);
        assertThatThrownBy(() -> ports.adopt(new PortRange(first, first + 2))).isInstanceOf(EnvctlException.class);

        assertThat(any()).as("nothing of the block is kept").isEqualTo(first);

        ports.releaseAll();

        assertThat(block(2)).isEqualTo(new PortRange(first, first + 1));
        other.end();
    }

    /** Sets a port aside in a process of its own, until that is ended. */
    static final class Holder {
        private Holder() {}

        /** Takes the lock file and the port. */
        public static void main(String[] arguments) throws InterruptedException {
            var port = Integer.parseInt(arguments[1]);
            try (var held = new HostPorts(Path.of(arguments[0]))) {
                System.out.println(held.reserve("test", OptionalInt.of(port), new PortRange(port, port), Set.of()));
                Thread.currentThread().join();
            }
        }
    }

    private Background holdElsewhere(int port) throws IOException {
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var log = folder.resolve("holder.log");
        var started = new SystemPrograms()
                .start(
                        Command.of(
                                java,
                                "-XX:TieredStopAtLevel=1",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Holder.class.getName(),
                                lockFile().toString(),
                                Integer.toString(port)),
                        log);
        await().atMost(Duration.ofSeconds(30)).until(() -> Files.exists(log) && Files.size(log) > 0);
        assertThat(log).hasContent(Integer.toString(port));
        return started;
    }

    private Path lockFile() {
        return folder.resolve("ports.lock");
    }

    private int any() {
        return ports.reserve("Redis", OptionalInt.empty(), range, Set.of());
    }

    private PortRange block(int size) {
        return ports.reserveBlock("worker 1", size, range, Set.of());
    }

    private EnvctlException requestFailure(int port, Set<Integer> published) {
        return catchThrowableOfType(
                EnvctlException.class,
                () -> ports.reserve("services.postgres.port", OptionalInt.of(port), range, published));
    }

    private static ServerSocket listen(int port) throws IOException {
        var socket = new ServerSocket();
        socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return socket;
    }

    private static boolean isFree(int port) {
        try (var socket = listen(port)) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
