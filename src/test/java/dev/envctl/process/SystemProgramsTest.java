package dev.envctl.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class SystemProgramsTest {
    private final Programs programs = new SystemPrograms();

    @TempDir
    Path folder;

    @Test
    void keepsBothStreamsApart() {
        var finished = programs.run(shell("echo out; echo err >&2"));

        assertThat(finished.stdout()).isEqualTo("out\n");
        assertThat(finished.stderr()).isEqualTo("err\n");
    }

    @Test
    void tellsTheExitCode() {
        assertThat(programs.run(shell("exit 7")).exitCode()).isEqualTo(7);
    }

    @Test
    void showsEachLineOfBothStreamsAsItComes() {
        var lines = Collections.synchronizedList(new ArrayList<String>());

        programs.run(shell("echo one; echo two >&2; echo three"), lines::add);

        assertThat(lines).containsExactlyInAnyOrder("one", "two", "three");
    }

    @Test
    void readsMoreThanAPipeHolds() {
        var finished = programs.run(shell("head -c 300000 /dev/zero | tr '\\0' x; head -c 300000 /dev/zero >&2"));

        assertThat(finished.stdout()).hasSize(300_001);
    }

    @Test
    void setsAndRemovesVariables() {
        var command = shell("echo \"$FIRST ${HOME-none}\"").with(Map.of("FIRST", "1", "HOME", ""));

        assertThat(programs.run(command).stdout()).isEqualTo("1 none\n");
    }

    @Test
    void runsInTheFolderAskedFor() throws IOException {
        assertThat(programs.run(Command.of("pwd").in(folder)).stdout().strip())
                .isEqualTo(folder.toRealPath().toString());
    }

    @Test
    void findsProgramsInTheFoldersGivenBesidesThePath() throws IOException {
        var program = executable("greet", "#!/bin/sh\necho hello");

        var extended = new SystemPrograms(folder);

        assertThat(extended.find("greet")).contains(program);
        assertThat(extended.run(Command.of("greet")).stdout()).isEqualTo("hello\n");
        assertThat(extended.run(shell("greet")).stdout()).isEqualTo("hello\n");
    }

    @Test
    void doesNotTakeAFileThatCannotRunForAProgram() throws IOException {
        Files.writeString(folder.resolve("notes"), "text");

        assertThat(new SystemPrograms(folder).find("notes")).isEmpty();
    }

    @Test
    void namesTheProgramThatIsNotInstalled() {
        var failure = failure(Command.of("no-such-program"));

        assertThat(failure.kind()).isEqualTo(FailureKind.PREREQUISITE);
        assertThat(failure.problem())
                .isEqualTo("The program `no-such-program` cannot be started: it is not installed.");
    }

    @Test
    void aFailureShowsTheCommandToPasteAndTheEndOfItsOutput() {
        var failure = programs.run(shell("seq 30 >&2; exit 3")).failure("Mend it.");

        assertThat(failure.problem()).isEqualTo("`sh -c 'seq 30 >&2; exit 3'` ended with exit code 3.");
        assertThat(failure.remedy()).isEqualTo("Mend it.");
        assertThat(failure.details()).hasSize(20).startsWith("11").endsWith("30");
    }

    @Test
    void endsTheWholeTreeWhenTimeIsUp() throws IOException {
        // The shell between waits for its child, so that there are a parent, a child and a grandchild.
        var command = shell("sh -c 'echo $$ >child; sleep 60; :' & echo before; wait")
                .in(folder)
                .timeout(Duration.ofSeconds(2));

        var failure = failure(command);

        assertThat(failure.kind()).isEqualTo(FailureKind.TIMEOUT);
        assertThat(failure.problem()).endsWith("did not end within 2 s and was stopped.");
        assertThat(failure.details()).containsExactly("before");
        assertThat(alive(pid("child"))).isFalse();
    }

    @Test
    void endsAlsoAProgramThatRefusesToEnd() throws IOException {
        var command = shell("trap '' TERM; echo $$ >stubborn; while :; do sleep 0.1; done")
                .in(folder)
                .timeout(Duration.ofSeconds(2));

        assertThat(failure(command).kind()).isEqualTo(FailureKind.TIMEOUT);
        await().atMost(Duration.ofSeconds(5)).until(() -> !alive(pid("stubborn")));
    }

    @Test
    void endsTheProgramWhenTheCallerIsInterrupted() throws Exception {
        var failure = new AtomicReference<EnvctlException>();
        var stillInterrupted = new AtomicReference<Boolean>();
        var caller = new Thread(() -> {
            failure.set(failure(shell("echo $$ >own; sleep 60; :").in(folder)));
            stillInterrupted.set(Thread.currentThread().isInterrupted());
        });
        caller.start();
        await().until(() -> Files.exists(folder.resolve("own")) && Files.size(folder.resolve("own")) > 1);

        caller.interrupt();
        caller.join(10_000);

        assertThat(failure.get()).extracting(EnvctlException::kind).isEqualTo(FailureKind.INTERRUPTED);
        assertThat(stillInterrupted.get()).isTrue();
        assertThat(alive(pid("own"))).isFalse();
    }

    @Test
    void doesNotWaitForAGrandchildThatKeepsTheStreamsOpen() throws IOException {
        var finished = programs.run(
                shell("sleep 30 & echo $! >grandchild; echo done").in(folder).timeout(Duration.ofSeconds(20)));

        assertThat(finished.stdout()).isEqualTo("done\n");
        assertThat(finished.took()).isLessThan(Duration.ofSeconds(15));
        ProcessHandle.of(pid("grandchild")).ifPresent(ProcessHandle::destroyForcibly);
    }

    @Test
    void appendsWhatABackgroundProgramSaysToAFile() throws IOException {
        var output = Files.writeString(folder.resolve("log"), "before\n");

        var background = programs.start(shell("echo out; echo err >&2; exit 4"), output);

        await().until(() -> !background.alive());
        assertThat(background.exitCode()).isEqualTo(4);
        assertThat(output).hasContent("before\nout\nerr\n");
    }

    @Test
    void endsABackgroundProgramWithItsDescendants() throws IOException {
        var background = programs.start(
                shell("sh -c 'echo $$ >inner; sleep 60; :' & wait").in(folder), folder.resolve("log"));
        await().until(() -> Files.exists(folder.resolve("inner")) && Files.size(folder.resolve("inner")) > 1);
        assertThat(background.alive()).isTrue();

        background.end();

        assertThat(background.alive()).isFalse();
        assertThat(alive(background.pid())).isFalse();
        assertThat(alive(pid("inner"))).isFalse();
    }

    @Test
    void aDetachedProgramTellsItsEndAsAnyOther() throws IOException {
        var output = Files.writeString(folder.resolve("log"), "before\n");

        var detached = programs.startDetached(
                shell("echo $$ >own; echo out; echo err >&2; exit 4").in(folder), output);

        await().until(() -> !detached.alive());
        assertThat(detached.exitCode()).isEqualTo(4);
        assertThat(detached.pid()).isEqualTo(pid("own"));
        assertThat(output).hasContent("before\nout\nerr\n");
    }

    @Test
    void aDetachedProgramRunsOnWhenItIsLeftAndIsNoChildOfOurs() throws IOException {
        var detached = programs.startDetached(shell("sleep 60; :").in(folder), folder.resolve("log"));
        assertThat(detached.alive()).isTrue();

        detached.leave();

        await().until(() -> ProcessHandle.current().descendants().noneMatch(one -> one.pid() == detached.pid()));
        assertThat(alive(detached.pid())).isTrue();
        var handle = ProcessHandle.of(detached.pid()).orElseThrow();
        handle.descendants().forEach(ProcessHandle::destroyForcibly);
        handle.destroyForcibly();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aDetachedProgramHearsTheSignalsThatAnyOtherHears() throws IOException {
        var ignored = "grep SigIgn /proc/self/status";

        var detached = programs.startDetached(shell(ignored), folder.resolve("log"));

        await().until(() -> !detached.alive());
        assertThat(folder.resolve("log"))
                .hasContent(programs.run(shell(ignored)).stdout())
                .isNotEmptyFile();
    }

    @Test
    void endsADetachedProgramWithItsDescendants() throws IOException {
        var detached = programs.startDetached(
                shell("sh -c 'echo $$ >inner; sleep 60; :' & wait").in(folder), folder.resolve("log"));
        await().until(() -> Files.exists(folder.resolve("inner")) && Files.size(folder.resolve("inner")) > 1);

        detached.end();

        assertThat(detached.alive()).isFalse();
        assertThat(alive(detached.pid())).isFalse();
        assertThat(alive(pid("inner"))).isFalse();
    }

    private static Command shell(String script) {
        return Command.of(List.of("sh", "-c", script));
    }

    private EnvctlException failure(Command command) {
        return catchThrowableOfType(EnvctlException.class, () -> programs.run(command));
    }

    private Path executable(String name, String text) throws IOException {
        var file = Files.writeString(folder.resolve(name), text);
        assertThat(file.toFile().setExecutable(true)).isTrue();
        return file;
    }

    private long pid(String file) throws IOException {
        return Long.parseLong(Files.readString(folder.resolve(file)).strip());
    }

    /** A process that has ended but whose parent has not asked for its exit code is not alive either. */
    private static boolean alive(long pid) throws IOException {
        var state = Path.of("/proc", Long.toString(pid), "stat");
        return ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false)
                && !(Files.exists(state) && Files.readString(state).contains(") Z "));
    }
}
