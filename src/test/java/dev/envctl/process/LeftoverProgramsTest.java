package dev.envctl.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LeftoverProgramsTest {
    @TempDir
    Path folder;

    private Background program = nothing();
    private String name = "";

    /** A copy of a real program under a name of our own, so that nobody else's process can be meant. */
    @BeforeEach
    void start() throws IOException {
        var shell = new SystemPrograms().find("tail").orElseThrow().toRealPath();
        name = "left-" + ProcessHandle.current().pid();
        var copy = Files.copy(shell, folder.resolve(name));
        assertThat(copy.toFile().setExecutable(true)).isTrue();
        Files.createFile(folder.resolve("cluster-a"));
        program = new SystemPrograms()
                .start(Command.of(copy.toString(), "-f", "cluster-a").in(folder), folder.resolve("log"));
        await().until(() -> ProcessHandle.of(program.pid())
                .flatMap(found -> found.info().arguments())
                .isPresent());
    }

    @AfterEach
    void end() {
        program.end();
    }

    @Test
    void endsAProgramThatNamesTheCluster() {
        var ended = new LeftoverPrograms().end(Set.of(name), "cluster-a");

        assertThat(ended).singleElement().asString().startsWith("process %d (".formatted(program.pid()));
        // Its parent, which is this process, hears of it a moment later.
        await().until(() -> !program.alive());
    }

    @Test
    void leavesAProgramThatNamesAnotherCluster() {
        assertThat(new LeftoverPrograms().end(Set.of(name), "cluster-b")).isEmpty();
        assertThat(program.alive()).isTrue();
    }

    @Test
    void leavesOtherProgramsThatNameTheCluster() {
        assertThat(new LeftoverPrograms().end(Set.of("kind"), "cluster-a")).isEmpty();
        assertThat(program.alive()).isTrue();
    }

    private static Background nothing() {
        return new Background() {
            @Override
            public long pid() {
                return -1;
            }

            @Override
            public boolean alive() {
                return false;
            }

            @Override
            public int exitCode() {
                return 0;
            }

            @Override
            public void leave() {
                throw new UnsupportedOperationException("nothing here is left");
            }

            @Override
            public void end() {}
        };
    }
}
