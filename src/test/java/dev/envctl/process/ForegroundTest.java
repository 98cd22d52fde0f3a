package dev.envctl.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class ForegroundTest {
    @TempDir
    Path folder;

    @Test
    void tellsTheExitCode() throws InterruptedException {
        assertThat(Foreground.start(shell("exit 7")).await()).isEqualTo(7);
    }

    @Test
    void setsAndRemovesVariablesAndRunsInTheFolderAskedFor() throws Exception {
        var command = shell("echo \"$FIRST ${HOME-none} $PWD\" >said")
                .with(Map.of("FIRST", "1", "HOME", ""))
                .in(folder.toRealPath());

        assertThat(Foreground.start(command).await()).isZero();
        assertThat(folder.resolve("said")).hasContent("1 none " + folder.toRealPath());
    }

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM", "HUP"})
    void passesSignalsOnAndTakesTheAnswer(String signal) throws Exception {
        var running = Foreground.start(shell("trap 'echo %1$s >got; exit 9' %1$s; touch ready; ".formatted(signal)
                        + "while :; do sleep 0.02; done")
                .in(folder));
        awaitReady();

        running.pass(signal);

        assertThat(running.await()).isEqualTo(9);
        assertThat(folder.resolve("got")).hasContent(signal);
    }

    @Test
    void tellsWhichSignalEndedIt() throws InterruptedException {
        var running = Foreground.start(shell("touch ready; exec sleep 60").in(folder));
        awaitReady();

        running.pass("HUP");

        assertThat(running.await()).isEqualTo(129);
    }

    @Test
    void killsTheWholeTreeOfWhatWillNotEnd() throws Exception {
        var running = Foreground.start(shell("trap '' TERM; sh -c 'echo $$ >child; touch ready; sleep 60' ; sleep 60")
                .in(folder));
        awaitReady();
        var child = Long.parseLong(Files.readString(folder.resolve("child")).strip());

        running.end(Duration.ofMillis(100));

        assertThat(running.await()).isEqualTo(137);
        await().until(() -> !runs(child));
    }

    /** As `sh -c './migrate; next'`: the shell dies of what `migrate` does not. */
    @Test
    void endsAlsoWhatTheCommandHasStarted() throws Exception {
        var running = Foreground.start(
                shell("sh -c 'echo $$ >child; touch ready; sleep 60; :'; :").in(folder));
        awaitReady();
        var child = Long.parseLong(Files.readString(folder.resolve("child")).strip());

        running.end(Duration.ofSeconds(20));

        assertThat(running.await()).isEqualTo(143);
        assertThat(runs(child)).isFalse();
    }

    @Test
    void killsWhatOutlivesTheCommandBeforeItTellsTheExitCode() throws Exception {
        var running = Foreground.start(
                shell("sh -c 'trap \"\" TERM; echo $$ >child; touch ready; while :; do sleep 0.1; done'; :")
                        .in(folder));
        awaitReady();
        var child = Long.parseLong(Files.readString(folder.resolve("child")).strip());
        var ending = CompletableFuture.runAsync(() -> running.end(Duration.ofMillis(500)));

        assertThat(running.await()).isEqualTo(143);
        await().until(() -> !runs(child));
        ending.join();
    }

    @Test
    void theCommandDiesWithTheThreadThatStartedIt() throws InterruptedException, ExecutionException {
        var started = new CompletableFuture<Foreground>();
        var owner = new Thread(() -> {
            started.complete(
                    Foreground.start(shell("touch ready; exec sleep 60").in(folder)));
            awaitReady();
        });
        owner.start();
        owner.join();

        var code = CompletableFuture.supplyAsync(() -> awaitUnchecked(started.join()));

        assertThat(code.orTimeout(5, TimeUnit.SECONDS).get()).isEqualTo(137);
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-such-program", "/no/such/program", "./here"})
    void saysWhatCannotBeStarted(String program) {
        var failure = catchThrowableOfType(
                EnvctlException.class,
                () -> Foreground.start(Command.of(program).in(folder)));

        assertThat(failure.kind()).isEqualTo(FailureKind.PREREQUISITE);
        assertThat(failure.problem()).startsWith("The command `%s` cannot be started".formatted(program));
    }

    @Test
    void knowsWhenTheTerminalSendsItsSignalsToTheCommandToo() {
        assertThat(Foreground.isTerminalsForeground("9 (ja va) x) S 8 700 8 34816 700 4194560"))
                .isTrue();
        assertThat(Foreground.isTerminalsForeground("9 (java) S 8 700 8 34816 701 4194560"))
                .isFalse();
        assertThat(Foreground.isTerminalsForeground("9 (java) S 8 700 8 0 -1 4194560"))
                .isFalse();
        assertThat(Foreground.isTerminalsForeground("")).isFalse();
    }

    private void awaitReady() {
        await().until(() -> Files.exists(folder.resolve("ready")));
    }

    private static boolean runs(long pid) {
        return ProcessHandle.of(pid)
                .filter(process -> process.info().command().isPresent())
                .isPresent();
    }

    private static int awaitUnchecked(Foreground foreground) {
        try {
            return foreground.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A shell that knows the signals that whoever runs these tests may have had ignored. */
    private static Command shell(String script) {
        return Command.of("env", "--default-signal=INT,TERM,HUP", "sh", "-c", script);
    }
}
