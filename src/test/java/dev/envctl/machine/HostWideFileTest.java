package dev.envctl.machine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HostWideFileTest {
    @TempDir
    private Path root = Path.of("");

    private Path openToAll(String name) throws IOException {
        var folder = Files.createDirectories(root.resolve(name));
        return Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    }

    private boolean opens() throws IOException {
        var channel = HostWideFile.open(root, "ports.lock");
        if (channel.isPresent()) {
            channel.get().close();
        }
        return channel.isPresent();
    }

    @Test
    void isOpenToAllUsersAndFoundAgain() throws IOException {
        var folder = openToAll("run/lock");
        openToAll("tmp");

        assertThat(opens()).isTrue();
        assertThat(opens()).isTrue();

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("ports.lock"))))
                .isEqualTo("rw-rw-rw-");
        assertThat(root.resolve("tmp")).isEmptyDirectory();
    }

    @Test
    void isInTheFolderForTemporaryFilesWhereThereIsNoneForLocks() throws IOException {
        openToAll("tmp");

        assertThat(opens()).isTrue();

        assertThat(root.resolve("tmp/ports.lock")).isRegularFile();
    }

    /** Somebody else may have made it, to have us write elsewhere. */
    @Test
    void doesNotFollowALink() throws IOException {
        var folder = openToAll("tmp");
        Files.createSymbolicLink(folder.resolve("ports.lock"), root.resolve("elsewhere"));

        assertThat(opens()).isFalse();
        assertThat(root.resolve("elsewhere")).doesNotExist();
    }

    /** As systemd makes the folder for lock files where nobody asked for another: root must come to the same file as all others. */
    @Test
    void aFolderThatIsNotOpenToAllIsPassedOver() throws IOException {
        Files.createDirectories(root.resolve("run/lock"));
        openToAll("tmp");

        assertThat(opens()).isTrue();

        assertThat(root.resolve("run/lock")).isEmptyDirectory();
        assertThat(root.resolve("tmp")).isDirectoryContaining("glob:**/ports.lock");
    }

    @Test
    void thereIsNoneWithoutAFolder() throws IOException {
        assertThat(opens()).isFalse();
    }
}
