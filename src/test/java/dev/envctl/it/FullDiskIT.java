package dev.envctl.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The disk of the environment's files, a small one of its own, is full: before, while and after it is made. */
@Timeout(300)
final class FullDiskIT {
    private static final String NAME = "fail-disk";
    private static final int KIBIBYTES = 256;

    @Test
    void isNamedAndLeavesNothing() throws IOException {
        assumeTrue(isRoot(), "not run: only root may mount a small file system");
        try (var project = Project.with(NAME, Project.small(NAME))) {
            var files = Files.createDirectory(project.folder().resolve(".envctl"));
            run(
                    project,
                    "mount",
                    "-t",
                    "tmpfs",
                    "-o",
                    "size=%dk,mode=0700".formatted(KIBIBYTES),
                    "none",
                    files.toString());
            try {
                fullBefore(project, files);
                fullMeanwhile(project, files);
                fullAfterwards(project, files);
            } finally {
                project.envctl("down", "-e", NAME);
                run(project, "umount", files.toString());
            }
        }
    }

    private static void fullBefore(Project project, Path files) throws IOException {
        fill(files, KIBIBYTES);
        FailureReport.of(project.envctl("up", "-e", NAME), 1).remedy("check free space");
        assertNothingLeft(project, files);
    }

    private static void fullMeanwhile(Project project, Path files) throws IOException {
        // What is left is enough to begin with: the lease and the hand-off come last.
        fill(files, KIBIBYTES - 48);
        FailureReport.of(project.envctl("up", "-e", NAME), 1)
                .problem("No space left on device")
                .remedy("Check free space");
        assertNothingLeft(project, files);
    }

    private static void fullAfterwards(Project project, Path files) throws IOException {
        project.succeeds("up", "-e", NAME);
        fill(files, KIBIBYTES);
        Usable.assertUsable(project, NAME);
        project.succeeds("status", "-e", NAME);
        project.succeeds("down", "-e", NAME);
        assertNothingLeft(project, files);
    }

    private static void assertNothingLeft(Project project, Path files) throws IOException {
        Files.delete(files.resolve("filler"));
        project.assertNothingLeft();
    }

    /** As many of them as there is room for. */
    private static void fill(Path files, int kibibytes) throws IOException {
        try (var filler = Files.newOutputStream(files.resolve("filler"))) {
            for (var written = 0; written < kibibytes; written += 4) {
                filler.write(new byte[4096]);
            }
        } catch (IOException e) {
            assertThat(e).hasMessageContaining("No space left on device");
        }
    }

    private static boolean isRoot() throws IOException {
        return "root".equals(Files.getOwner(Path.of("/proc/self")).getName());
    }

    private static void run(Project project, String... command) {
        var ran = project.program(Map.of(), command);
        assertThat(ran.exitCode()).as(ran.all()).isZero();
    }
}
