package dev.envctl.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.envctl.it.RunningUp.Moment;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Signals, to whoever started a creation, to whoever only waits for it, and to the primary itself. */
final class InterruptedIT {
    /** What a signal cuts short, which one, and the exit code that follows. */
    private record Cut(Moment moment, String signal, int exitCode) {}

    private static final List<Cut> CUTS = List.of(
            // While the primary is being started, before it answers; it may not even have left our process group.
            new Cut(new Moment("find the primary", 0, 400), "INT", 130),
            new Cut(new Moment("check prerequisites", 0, 300), "INT", 130),
            new Cut(new Moment("create cluster", 0, 500), "INT", 130),
            new Cut(new Moment("create cluster", 500, 2000), "TERM", 143),
            new Cut(new Moment("deliver images", 2000, 5000), "INT", 130),
            new Cut(new Moment("deploy services", 0, 500), "HUP", 129),
            new Cut(new Moment("await services", 0, 1000), "INT", 130),
            new Cut(new Moment("issue leases", 0, 50), "INT", 130));

    @Test
    void whoStartedACreationTakesItBack() {
        try (var project = Project.with("kil-int", Project.small("kil-int"))) {
            for (var cut : CUTS) {
                var ran = RunningUp.of(project, "kil-int")
                        .await(cut.moment())
                        .signalGroup(cut.signal())
                        .await();
                assertThat(ran.exitCode()).as(cut + ran.all()).isEqualTo(cut.exitCode());
                assertThat(ran.stdout()).isEmpty();
                assertThat(ran.stderr()).doesNotContain("\"type\":\"failure\"");
                // Before these there may be no primary yet, and no cluster.
                if (!cut.moment().phase().equals("find the primary")) {
                    assertThat(ran.stderr())
                            .contains("`envctl up` was interrupted", "Environment kil-int is gone again.");
                    if (!cut.moment().phase().equals("check prerequisites")) {
                        assertThat(ran.stderr()).contains("\"phase\":\"remove cluster\"");
                    }
                }
                project.assertNothingLeft();
            }
        }
    }

    @Test
    void aSecondSignalDoesNoHarm() {
        try (var project = Project.with("kil-twice", Project.small("kil-twice"))) {
            var up = RunningUp.of(project, "kil-twice")
                    .await(new Moment("create cluster", 1000, 2000))
                    .signalGroup("INT");
            up.awaitLine("`envctl up` was interrupted");
            var ran = up.signalGroup("INT").await();
            assertThat(ran.exitCode()).as(ran.all()).isEqualTo(130);
            project.assertNothingLeft();
        }
    }

    @Test
    void aPrimaryThatIsAskedToEndTakesEverythingWithIt() {
        try (var project = Project.with("kil-term", Project.small("kil-term"))) {
            var up = RunningUp.of(project, "kil-term").await(new Moment("create cluster", 1000, 3000));
            terminate(up.primaryPid());
            var ran = up.await();
            assertThat(ran.exitCode()).as(ran.all()).isEqualTo(1);
            assertThat(ran.stderr())
                    .contains("Environment kil-term was removed before it was ready: ended by a signal.");
            project.assertNothingLeft();
        }
    }

    /** One environment, whose creator is killed, that others wait for, and whose primary is asked to end when it is ready. */
    @Test
    void othersGoOnWithoutTheCreator() {
        try (var project = Project.with("kil-join", Project.small("kil-join"))) {
            var creator = RunningUp.of(project, "kil-join").await(new Moment("create cluster", 0, 500));
            var primary = creator.primaryPid();
            creator.kill().await();

            var joined = RunningUp.of(project, "kil-join").awaitStarted("create cluster");
            var impatient = RunningUp.of(project, "kil-join")
                    .awaitStarted("create cluster")
                    .signalGroup("INT")
                    .await();
            assertThat(impatient.exitCode()).as(impatient.all()).isEqualTo(130);
            assertThat(impatient.stderr()).doesNotContain("Removing", "gone again");

            var ran = joined.await();
            assertThat(ran.exitCode()).as(ran.all()).isZero();
            assertThat(ran.stdout()).contains("kil-join");
            Usable.assertUsable(project, "kil-join");
            assertThat(joined.primaryPid()).isEqualTo(primary);

            terminate(primary);
            awaitGone(project, primary);
            project.assertNothingLeft();
        }
    }

    @Test
    void aPrimaryInTheForegroundEndsWithItsTerminal() throws IOException {
        try (var project = Project.with("kil-front", Project.small("kil-front"))) {
            var cut = RunningUp.of(project, "kil-front", "--foreground")
                    .await(new Moment("create cluster", 300, 3000))
                    .signalGroup("INT")
                    .await();
            assertThat(cut.exitCode()).as(cut.all()).isEqualTo(130);
            assertThat(cut.stderr()).contains("ended by a signal", "\"phase\":\"remove cluster\"");
            // kind was ended in order, not by the terminal beside us.
            assertThat(cut.stderr()).doesNotContain("kind could not create the cluster");
            project.assertNothingLeft();

            assertOneStaysAndTheOtherAttaches(project);
            project.assertNothingLeft();
        }
    }

    /** Both come in the middle of a removal. */
    private static void assertOneStaysAndTheOtherAttaches(Project project) throws IOException {
        List<RunningUp> both;
        try (var file = FileChannel.open(project.files("kil-front").resolve("lock"), StandardOpenOption.WRITE);
                var removing = file.lock(0, 1, false)) {
            assertThat(removing.isValid()).isTrue();
            both = List.of(
                    RunningUp.of(project, "kil-front", "--foreground"),
                    RunningUp.of(project, "kil-front", "--foreground"));
            both.forEach(one -> one.awaitLine("the environment is being removed, or its primary is starting"));
        }
        await().atMost(Duration.ofMinutes(3)).until(() -> both.stream().anyMatch(RunningUp::ended));
        var attached = both.stream().filter(RunningUp::ended).toList();
        var stays = both.stream().filter(one -> !one.ended()).toList();
        assertThat(attached).hasSize(1);
        var ran = attached.get(0).await();
        assertThat(ran.exitCode()).as(ran.all()).isZero();
        assertThat(ran.stdout()).contains("kil-front");
        project.succeeds("status", "-e", "kil-front");
        project.succeeds("down", "-e", "kil-front");
        var ended = stays.get(0).await();
        assertThat(ended.exitCode()).as(ended.all()).isZero();
    }

    private static void terminate(long pid) {
        assertThat(ProcessHandle.of(pid).orElseThrow().destroy()).isTrue();
    }

    private static void awaitGone(Project project, long pid) {
        for (var look = 0; look < 300 && Files.exists(project.files("kil-join").resolve("primary.json")); look++) {
            RunningUp.pause(Duration.ofMillis(100));
        }
        assertThat(project.files("kil-join").resolve("primary.json"))
                .as("written by primary " + pid)
                .doesNotExist();
    }
}
