package dev.envctl.environment;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeaseFilesTest {
    @TempDir
    Path folder;

    @Test
    void aLeaseIsSomebodysWhileItsFileIsThere() throws IOException {
        var files = new LeaseFiles(folder);
        Files.writeString(files.kubeconfig(1), "");
        Files.writeString(files.token(1), "");
        assertThat(files.all()).isEmpty();

        files.write(SampleHandOff.lease());
        assertThat(files.all()).containsExactly(SampleHandOff.lease());
        assertThat(folder.resolve("1.env")).isRegularFile();

        files.delete(1);
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aKeptLeaseOffersNoVariables() {
        var files = new LeaseFiles(folder);
        files.write(SampleHandOff.lease());

        files.write(SampleHandOff.lease().keptForInspection());

        assertThat(folder.resolve("1.env")).doesNotExist();
        assertThat(files.read(1)).contains(SampleHandOff.lease().keptForInspection());
    }

    @Test
    void passesOverWhatIsNoLease() throws IOException {
        Files.writeString(folder.resolve("1.json"), "torn {");
        Files.writeString(folder.resolve("2.json"), SampleHandOff.lease().json());
        Files.writeString(folder.resolve(".3.json.x.tmp"), SampleHandOff.lease().json());

        assertThat(new LeaseFiles(folder).all()).isEmpty();
    }
}
