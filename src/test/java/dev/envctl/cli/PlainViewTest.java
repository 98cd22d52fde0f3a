package dev.envctl.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.Progress;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class PlainViewTest {
    private static final Style PLAIN = new Style(false);

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);

    @Test
    void writesALineForEachFinishedPhase() {
        try (var view = new PlainView(out, PLAIN)) {
            view.report(new Progress.Started("pull images"));
            view.waiting("pull images", "redis");
            view.report(new Progress.Finished("pull images", Progress.Outcome.OK, Duration.ofMillis(1250)));
            view.report(new Progress.Finished("create cluster", Progress.Outcome.FAILED, Duration.ofMinutes(2)));
            view.report(new Progress.Finished("deploy services", Progress.Outcome.CANCELLED, Duration.ZERO));
        }

        assertThat(said()).isEqualTo("""
                pull images                     1.3 s  ok
                create cluster                120.0 s  failed
                deploy services                 0.0 s  cancelled
                """);
    }

    @Test
    void writesNotesAndWarnings() {
        try (var view = new PlainView(out, PLAIN)) {
            view.note("Using Podman 4.3.1.");
            view.warn("Only 3 GiB free.");
        }

        assertThat(said()).isEqualTo("Using Podman 4.3.1.\nwarning: Only 3 GiB free.\n");
    }

    @Test
    void saysFromTimeToTimeWhatIsWaitedForAndWhy() {
        try (var view = new PlainView(out, PLAIN, Duration.ofMillis(20))) {
            view.report(new Progress.Started("pull images"));
            view.report(new Progress.Started("create cluster"));
            view.waiting("create cluster", "Starting control-plane");
            view.report(new Progress.Finished("pull images", Progress.Outcome.OK, Duration.ZERO));
            bytes.reset();

            await().atMost(Duration.ofSeconds(10)).until(() -> said().contains("\n"));
        }

        assertThat(said().lines()).contains("still: create cluster, 0 s: Starting control-plane");
        assertThat(said()).doesNotContain("pull images");
    }

    @Test
    void isSilentOnceItIsClosed() throws InterruptedException {
        var view = new PlainView(out, PLAIN, Duration.ofMillis(5));
        view.close();
        view.report(new Progress.Started("create cluster"));

        new java.util.concurrent.CountDownLatch(1).await(50, java.util.concurrent.TimeUnit.MILLISECONDS);

        assertThat(said()).isEmpty();
    }

    @Test
    void aFailureShowsTheProblemWhatWasSeenAndWhatToDo() {
        var failure = new EnvctlException(
                FailureKind.TIMEOUT,
                "Could not await services.\nPostgres did not answer.",
                "Look at the log.\nThen try again.",
                List.of("Pulling: 3 s ago", "OOMKilled"),
                null);

        try (var view = new PlainView(out, PLAIN)) {
            view.fail(failure);
        }

        assertThat(said()).isEqualTo("""
                error: Could not await services.
                Postgres did not answer.
                  Pulling: 3 s ago
                  OOMKilled
                next: Look at the log.
                next: Then try again.
                """);
    }

    @Test
    void theQuietViewSaysNothingButTheFailure() {
        try (var view = new QuietView(out, PLAIN)) {
            view.note("Using Podman 4.3.1.");
            view.fail(new EnvctlException(FailureKind.FAILED, "It broke.", ""));
        }

        assertThat(said()).isEqualTo("error: It broke.\n");
    }

    @Test
    void theJsonViewSaysEverythingOneObjectALine() {
        try (var view = new JsonView(out)) {
            view.report(new Progress.Started("pull images"));
            view.waiting("pull images", "line one\nline two");
        }

        assertThat(said()).isEqualTo("""
                {"type":"started","phase":"pull images"}
                {"type":"waiting","phase":"pull images","reason":"line one\\nline two"}
                """);
    }

    private String said() {
        return bytes.toString(StandardCharsets.UTF_8);
    }
}
