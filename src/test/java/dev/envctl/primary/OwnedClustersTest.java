package dev.envctl.primary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.envctl.CacheDirectory;
import dev.envctl.EnvctlException;
import dev.envctl.machine.Machine;
import dev.envctl.readiness.Wait;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class OwnedClustersTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void aClusterIsOwnedUntilItsPrimaryDies() throws Exception {
        var other = holder("0123abcd");
        try (var clusters = clusters("cache")) {
            assertThat(clusters.held("0123abcd")).isEmpty();
            assertThat(clusters.held("0123abce")).isPresent();
            assertThat(clusters.held("ffffffff")).isPresent();
            assertThat(catchThrowableOfType(EnvctlException.class, () -> clusters.hold("0123abcd", new Wait())))
                    .hasMessageContaining(
                            "Cluster 0123abcd has a living primary already (pid %d)".formatted(other.pid()));

            other.destroyForcibly().onExit().orTimeout(10, TimeUnit.SECONDS).join();
            assertThat(clusters.held("0123abcd")).isPresent();
            assertThat(clusters.held("0123abcd")).as("once more").isPresent();
        }
    }

    /** As two jobs of a build server have. */
    @Test
    void itsPrimaryIsKnownWithAnotherCacheToo() throws Exception {
        Files.setPosixFilePermissions(
                Files.createDirectories(folder.resolve("run/lock")), PosixFilePermissions.fromString("rwxrwxrwx"));
        var other = holder("0123abcd");
        try (var clusters = clusters("another cache")) {
            assertThat(clusters.held("0123abcd")).isEmpty();

            other.destroyForcibly().onExit().orTimeout(10, TimeUnit.SECONDS).join();
            assertThat(clusters.held("0123abcd")).isPresent();
        }
    }

    private OwnedClusters clusters(String cache) {
        return clusters(folder, cache);
    }

    private static OwnedClusters clusters(Path folder, String cache) {
        return new OwnedClusters(
                new Machine(folder, Map.of(), "Linux", "amd64", folder), new CacheDirectory(folder.resolve(cache)));
    }

    private Process holder(String id) throws IOException {
        var process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        OwnedClustersTest.class.getName(),
                        folder.toString(),
                        id))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        assertThat(process.getInputStream().read()).isEqualTo('!');
        return process;
    }

    /** Another process that owns a cluster until it is ended. Arguments: the machine's root and the id. */
    public static void main(String[] arguments) throws IOException {
        try (var clusters = clusters(Path.of(arguments[0]), "cache")) {
            clusters.hold(arguments[1], new Wait());
            System.out.print('!');
            System.out.flush();
            System.in.readAllBytes();
        }
    }
}
