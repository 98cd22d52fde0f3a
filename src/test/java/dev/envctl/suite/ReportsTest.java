package dev.envctl.suite;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.envctl.spec.ReportPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportsTest {
    @TempDir
    private Path folder = Path.of("");

    private final Reports reports =
            new Reports(List.of(new ReportPath("/reports"), new ReportPath("/app/target/*/TEST-*.xml")));

    private Path target() {
        return folder.resolve("files");
    }

    private List<String> unpack(Path tar) throws IOException {
        var found = new ArrayList<Path>();
        reports.unpack(tar, target(), found);
        return found.stream().map(file -> target().relativize(file).toString()).toList();
    }

    /** Names that end in an arrow are links to what follows it. */
    private Path tar(String... names) throws IOException {
        var file = folder.resolve("files.tar");
        try (var tar = new TarArchiveOutputStream(Files.newOutputStream(file))) {
            for (var name : names) {
                var parts = name.split("->", -1);
                var entry = parts.length > 1
                        ? new TarArchiveEntry(parts[0], TarConstants.LF_SYMLINK, true)
                        : new TarArchiveEntry(name, true);
                var content = parts.length > 1 || name.endsWith("/") ? new byte[0] : name.getBytes(UTF_8);
                if (parts.length > 1) {
                    entry.setLinkName(parts[1]);
                }
                entry.setSize(content.length);
                tar.putArchiveEntry(entry);
                tar.write(content);
                tar.closeArchiveEntry();
            }
        }
        return file;
    }

    @Test
    void putsEachFileUnderItsPathInTheSuitesContainer() throws IOException {
        var tar = tar("./", "./1/", "./1/deep/b.txt", "./0/unit/TEST-a.xml", "./0/unit/notes.txt");

        assertThat(unpack(tar)).containsExactly("app/target/unit/TEST-a.xml", "reports/deep/b.txt");
        assertThat(target().resolve("reports/deep/b.txt")).hasContent("./1/deep/b.txt");
    }

    @Test
    void writesNothingOutsideItsFolder() throws IOException {
        for (var name : List.of("../x", "./1/../../x", "/etc/x", "./1//x", "./7/x", "./x", "./1/a\nb")) {
            var tar = tar(name);
            assertThatThrownBy(() -> unpack(tar)).as(name).isInstanceOf(IOException.class);
        }
        assertThat(folder).isDirectoryContaining(file -> file.endsWith("files.tar"));
        assertThat(folder.resolve("x")).doesNotExist();
    }

    @Test
    void followsNoLinks() throws IOException {
        assertThat(unpack(tar("./1/link->/tmp", "./1/plain"))).containsExactly("reports/plain");
        var through = tar("./1/up->..", "./1/up/x");

        var found = new ArrayList<Path>();
        reports.unpack(through, folder.resolve("other"), found);
        assertThat(found).hasSize(1);
        assertThat(folder.resolve("other/reports/up")).isDirectory();
    }

    @Test
    void keepsWhatCameWholeOfAnArchiveThatIsCutOff() throws IOException {
        var tar = tar("./1/a.txt", "./1/b.txt");
        var bytes = Files.readAllBytes(tar);
        Files.write(tar, java.util.Arrays.copyOf(bytes, 1024 + 516));
        var found = new ArrayList<Path>();

        assertThatThrownBy(() -> reports.unpack(tar, target(), found)).isInstanceOf(IOException.class);

        assertThat(found).containsExactly(target().resolve("reports/a.txt"));
        assertThat(target().resolve("reports/b.txt")).doesNotExist();
    }

    @Test
    void mountsOnlyTheOutermostFolders() {
        var folders = ReportFolders.of(List.of(
                new ReportPath("/app/target/*.xml"),
                new ReportPath("/app/target/site"),
                new ReportPath("/reports"),
                new ReportPath("/app/targets")));

        assertThat(folders.inSuite()).containsExactly("/app/target", "/app/targets", "/reports");
    }
}
