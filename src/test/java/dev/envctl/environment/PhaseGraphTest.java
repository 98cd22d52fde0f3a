package dev.envctl.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.Progress;
import dev.envctl.readiness.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class PhaseGraphTest {
    private static final Duration LONG = Duration.ofMinutes(1);

    private final Timeline timeline = new Timeline();
    private final List<Progress.Event> events = Collections.synchronizedList(new ArrayList<>());
    private final PhaseGraph graph = graph(Duration.ofSeconds(15));

    private PhaseGraph graph(Duration grace) {
        return new PhaseGraph(events::add, timeline, "up", grace);
    }

    @Test
    void givesEachPhaseTheResultsOfThoseBefore() {
        var one = graph.phase("count", LONG, run -> 1);
        var two = graph.phase("count on", LONG, run -> one.result() + 1, one);
        var three = graph.phase("sum up", LONG, run -> one.result() + two.result(), one, two);

        run();

        assertThat(three.result()).isEqualTo(3);
    }

    @Test
    void refusesAResultThatIsNotThereYet() {
        var one = graph.phase("count", LONG, run -> 1);

        assertThatThrownBy(one::result).hasMessage("phase `count` has not run yet");
    }

    @Test
    void independentPhasesOverlap() {
        var together = new CyclicBarrier(2);
        graph.phase("one", LONG, run -> meet(together));
        graph.phase("other", LONG, run -> meet(together));

        run();

        assertThat(outcomes()).containsExactlyInAnyOrder("one: ok", "other: ok");
    }

    @Test
    void aFailureNamesThePhaseAndKeepsEverythingElse() {
        var cause = new EnvctlException(
                FailureKind.IMAGE, "The digest differs.", "Lock it again.", List.of("seen: sha256:1"), null);
        graph.phase("pull images", LONG, run -> fail(cause));

        var failure = failure();

        assertThat(failure.problem()).isEqualTo("Could not pull images: The digest differs.");
        assertThat(failure.kind()).isEqualTo(FailureKind.IMAGE);
        assertThat(failure.remedy()).isEqualTo("Lock it again.");
        assertThat(failure.details()).containsExactly("seen: sha256:1");
        assertThat(failure).hasCause(cause);
    }

    @Test
    void theFirstFailureInterruptsTheOthersAndWaitsForTheirEnd() {
        var started = new CountDownLatch(1);
        var cleanedUp = new AtomicBoolean();
        graph.phase("create cluster", LONG, run -> {
            started.countDown();
            try {
                return new CountDownLatch(1).await(1, TimeUnit.MINUTES);
            } catch (InterruptedException e) {
                cleanedUp.set(true);
                throw new EnvctlException(FailureKind.INTERRUPTED, "The wait was interrupted.", "", e);
            }
        });
        graph.phase("pull images", LONG, run -> {
            await(started);
            return fail(new EnvctlException(FailureKind.FAILED, "No answer.", ""));
        });

        assertThat(failure().problem()).isEqualTo("Could not pull images: No answer.");
        assertThat(cleanedUp).isTrue();
        assertThat(outcomes()).containsExactly("pull images: failed", "create cluster: cancelled");
    }

    @Test
    void aPhaseThatFailsTooDoesNotHideTheFirstFailure() {
        var started = new CountDownLatch(1);
        graph.phase("second", LONG, run -> {
            started.countDown();
            awaitInterrupt();
            return fail(new EnvctlException(FailureKind.TIMEOUT, "Too late.", ""));
        });
        graph.phase("first", LONG, run -> {
            await(started);
            return fail(new EnvctlException(FailureKind.FAILED, "No answer.", ""));
        });

        assertThat(failure().problem()).isEqualTo("Could not first: No answer.");
    }

    @Test
    void nothingStartsAfterAFailure() {
        var failed = graph.phase(
                "create cluster", LONG, run -> fail(new EnvctlException(FailureKind.FAILED, "No node.", "")));
        var ran = new AtomicBoolean();
        graph.phase("deploy services", LONG, run -> ran.getAndSet(true), failed);

        failure();

        assertThat(ran).isFalse();
        assertThat(events).noneMatch(event -> event.equals(new Progress.Started("deploy services")));
    }

    @Test
    void aFailureAtTheVeryStartDoesNotWaitForPhasesThatHadNoTimeToBegin() {
        for (var round = 0; round < 50; round++) {
            var crowd = new PhaseGraph(Progress.SILENT, timeline, "up", LONG);
            crowd.phase("fail", LONG, run -> fail(new EnvctlException(FailureKind.FAILED, "At once.", "")));
            for (var other = 0; other < 8; other++) {
                crowd.phase("wait " + other, LONG, run -> {
                    awaitInterrupt();
                    return true;
                });
            }
            assertThatThrownBy(() -> crowd.run(Deadline.in(LONG))).hasMessageContaining("At once.");
        }
    }

    @Test
    void aDefectIsToldAsSuch() {
        graph.phase("reserve ports", LONG, run -> List.of().get(0));

        var failure = failure();

        assertThat(failure.problem()).startsWith("Could not reserve ports: Unexpected ArrayIndexOutOfBoundsException");
        assertThat(failure.remedy()).contains("defect of envctl");
    }

    @Test
    void aPhaseGetsItsOwnLimit() {
        var limits = new ArrayList<Duration>();
        graph.phase(
                "short", Duration.ofSeconds(3), run -> limits.add(run.deadline().limit()));

        run();

        assertThat(limits).containsExactly(Duration.ofSeconds(3));
    }

    @Test
    void theTotalCutsAPhaseShort() {
        var limits = new ArrayList<Duration>();
        graph.phase("long", LONG, run -> limits.add(run.deadline().limit()));

        graph.run(Deadline.in(Duration.ofSeconds(2)));

        assertThat(limits).containsExactly(Duration.ofSeconds(2));
    }

    @Test
    void aPhaseThatIgnoresItsDeadlineDoesNotHangTheWhole() {
        var released = new CountDownLatch(1);
        var impatient = graph(Duration.ofMillis(300));
        impatient.phase("hang", Duration.ofMillis(100), run -> {
            while (released.getCount() > 0) {
                Thread.onSpinWait();
            }
            return true;
        });

        var failure = catchThrowableOfType(EnvctlException.class, () -> impatient.run(Deadline.in(LONG)));
        released.countDown();

        assertThat(failure.kind()).isEqualTo(FailureKind.TIMEOUT);
        assertThat(failure.problem()).startsWith("Could not hang: It did not end within");
    }

    @Test
    void anInterruptEndsAllPhasesAndStaysSet() throws Exception {
        var started = new CountDownLatch(1);
        var failure = new AtomicReference<EnvctlException>();
        var stillInterrupted = new AtomicBoolean();
        graph.phase("create cluster", LONG, run -> {
            started.countDown();
            awaitInterrupt();
            return fail(new EnvctlException(FailureKind.INTERRUPTED, "The wait was interrupted.", ""));
        });
        var caller = new Thread(() -> {
            failure.set(failure());
            stillInterrupted.set(Thread.currentThread().isInterrupted());
        });
        caller.start();
        await(started);

        caller.interrupt();
        caller.join(10_000);

        assertThat(failure.get()).extracting(EnvctlException::kind).isEqualTo(FailureKind.INTERRUPTED);
        assertThat(stillInterrupted).isTrue();
        assertThat(outcomes()).containsExactly("create cluster: cancelled");
    }

    @Test
    void everyPhaseIsASpanOfItsParent() {
        var one = graph.phase("one", LONG, run -> 1);
        graph.phase("two", LONG, run -> 2, one);

        run();

        var spans = com.google.gson.JsonParser.parseString(timeline.json())
                .getAsJsonObject()
                .getAsJsonArray("spans");
        assertThat(spans).hasSize(2).allSatisfy(span -> {
            assertThat(span.getAsJsonObject().get("parent").getAsString()).isEqualTo("up");
            assertThat(span.getAsJsonObject().get("outcome").getAsString()).isEqualTo("ok");
        });
    }

    @Test
    void anExceptionThatNobodyDeclaredEndsItsPhase() {
        graph.phase(
                "call Kotlin",
                LONG,
                run -> PhaseGraphTest.<Boolean, RuntimeException>sneak(new InterruptedException()));

        assertThat(failure().problem()).contains("Could not call Kotlin: Unexpected InterruptedException");
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T, E extends Exception> T sneak(Exception failure) throws E {
        throw (E) failure;
    }

    private void run() {
        graph.run(Deadline.in(LONG));
    }

    private EnvctlException failure() {
        return catchThrowableOfType(EnvctlException.class, this::run);
    }

    private List<String> outcomes() {
        return events.stream()
                .filter(Progress.Finished.class::isInstance)
                .map(Progress.Finished.class::cast)
                .map(end -> end.phase() + ": " + end.outcome().name().toLowerCase(java.util.Locale.ROOT))
                .toList();
    }

    private static boolean fail(EnvctlException failure) {
        throw failure;
    }

    private static int meet(CyclicBarrier barrier) {
        try {
            return barrier.await(10, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new AssertionError("the other phase did not run at the same time", e);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static void awaitInterrupt() {
        try {
            assertThat(new CountDownLatch(1).await(1, TimeUnit.MINUTES)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
