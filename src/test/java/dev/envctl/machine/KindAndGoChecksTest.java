package dev.envctl.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.envctl.Progress;
import dev.envctl.machine.Outcome.State;
import dev.envctl.readiness.Deadline;
import dev.envctl.readiness.Wait;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KindAndGoChecksTest {
    @TempDir
    Path root;

    @TempDir
    Path cache;

    private final ScriptedPrograms programs = FakeMachine.programs();

    @Test
    void findsKindOnTheSearchPath() {
        assertThat(kind().look().outcome()).isEqualTo(Outcome.ok("v0.33.0 at /usr/bin/kind"));
    }

    @Test
    void refusesAnOldKindWithTheReason() {
        programs.says("/usr/bin/kind version", "kind v0.26.0 go1.23.4 linux/amd64\n");

        var outcome = kind().look().outcome();

        assertThat(outcome.state()).isEqualTo(State.WRONG);
        assertThat(outcome.text())
                .isEqualTo("/usr/bin/kind is kind v0.26.0; node images with containerd 2 need kind 0.27 or newer.");
    }

    @Test
    void takesTheCachesKindWhereThatOfTheSearchPathIsOld() throws IOException {
        programs.says("/usr/bin/kind version", "kind v0.20.0 go1.20.4 linux/amd64\n");
        var own = ownKind();
        programs.says(own + " version", "kind v0.33.0 go1.26.8 linux/amd64\n");

        assertThat(kind().look().outcome())
                .extracting(Outcome::state, Outcome::text)
                .containsExactly(State.OK, "v0.33.0 at " + own);
    }

    @Test
    void showsTheDownloadWhereThereIsNoGo() {
        programs.hasNot("kind").hasNot("go");

        var verdict = kind().look();

        assertThat(verdict.mends()).isEmpty();
        assertThat(verdict.outcome().commands())
                .contains(
                        "curl -fLo %s/bin/kind https://kind.sigs.k8s.io/dl/v0.33.0/kind-linux-amd64".formatted(cache));
    }

    @Test
    void buildsKindWithGoIntoTheCache() {
        programs.hasNot("kind");
        programs.does("go install sigs.k8s.io/kind@v0.33.0", command -> {
            write(Path.of(command.environment().get("GOBIN")).resolve("kind"), "new");
            return ScriptedPrograms.finished(command, 0, "");
        });
        write(cache.resolve("bin/kind"), "old");

        kind().look().mends().get(0).perform(workshop());

        assertThat(cache.resolve("bin/kind")).hasContent("new");
        assertThat(cache.resolve("bin"))
                .isDirectoryNotContaining(path -> path.toString().contains("building"));
    }

    @Test
    void leavesAnOldKindInPlaceWhenTheBuildFails() {
        programs.hasNot("kind").answers("go install", 1, "", "go: dial tcp: no route to host\n");
        write(cache.resolve("bin/kind"), "old");

        org.assertj.core.api.Assertions.assertThatThrownBy(
                        () -> kind().look().mends().get(0).perform(workshop()))
                .hasMessageContaining("go install sigs.k8s.io/kind@v0.33.0");
        assertThat(cache.resolve("bin/kind")).hasContent("old");
    }

    @Test
    void asksGoNeitherInTheUsersFolderNorToFetchAnotherGo() {
        assertThat(new GoCheck(machine(), programs).look().outcome()).isEqualTo(Outcome.ok("Go 1.26 at /usr/bin/go"));

        var asked = programs.asked.get(0);
        assertThat(asked.directory()).isEqualTo(root);
        assertThat(asked.environment()).containsEntry("GOTOOLCHAIN", "local");
    }

    @Test
    void installsDebiansGoOnlyWhereItIsNewEnough() {
        programs.hasNot("go");
        assertThat(new GoCheck(machine(), programs).look().mends()).isEmpty();

        var trixie = new FakeMachine(root)
                .distribution("ID=debian\nVERSION_ID=\"13\"\nPRETTY_NAME=\"Debian GNU/Linux 13 (trixie)\"\n")
                .look();
        assertThat(new GoCheck(trixie, programs).look().mends()).hasSize(1);
    }

    @Test
    void refusesAnOldGo() {
        programs.says("go version", "go version go1.19.8 linux/amd64\n");

        assertThat(new GoCheck(machine(), programs).look().outcome().text())
                .isEqualTo("/usr/bin/go is Go 1.19; stand-in images are built with Go 1.24 or newer.");
    }

    private KindCheck kind() {
        return new KindCheck(machine(), programs, cache);
    }

    private Machine machine() {
        return new FakeMachine(root).look();
    }

    private Path ownKind() throws IOException {
        var own = cache.resolve("bin/kind");
        write(own, "");
        Files.setPosixFilePermissions(own, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
        return own;
    }

    private static void write(Path file, String text) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Workshop workshop() {
        return new Workshop(
                machine(), programs, new Wait(), Deadline.in(Duration.ofSeconds(10)), Progress.SILENT, line -> {});
    }
}
