package dev.envctl.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.readiness.Deadline;
import dev.envctl.spec.Resources;
import dev.envctl.spec.SuiteSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SuiteTurnsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final FakeHoldings holdings = new FakeHoldings();
    private final List<String> waited = new CopyOnWriteArrayList<>();
    private final ExecutorService threads = Executors.newCachedThreadPool();

    @AfterEach
    void close() {
        threads.shutdownNow();
    }

    private static SuiteSpec suite(String name, boolean exclusive) {
        return new SuiteSpec(
                name, "image", List.of(), Map.of(), new Resources("60"), Duration.ofMinutes(1), exclusive, List.of());
    }

    private static SuiteSpec suite(String name) {
        return suite(name, false);
    }

    private static SuiteSpec alone(String name) {
        return suite(name, true);
    }

    private SuiteTurns turns(Duration limit, SuiteSpec... suites) {
        return new SuiteTurns(List.of(suites), holdings, new MemoryTurns(100), Deadline.in(limit));
    }

    private boolean run(SuiteTurns turns, SuiteSpec suite) {
        return turns.in(suite, waited::add, turn -> true);
    }

    @Test
    void whoRunsAloneComesAfterAllOthersHaveBegun() throws InterruptedException, ExecutionException, TimeoutException {
        var turns = turns(PATIENCE, suite("a"), alone("c"), suite("b"));

        var last = threads.submit(() -> run(turns, alone("c")));
        run(turns, suite("a"));
        assertThat(last.isDone()).isFalse();
        run(turns, suite("b"));

        assertThat(last.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(holdings.told).containsExactly("begin a", "end a", "begin b", "end b", "begin alone c", "end c");
        assertThat(waited).containsExactly("waiting for the suites before it");
    }

    @Test
    void whoGetsNoTurnHoldsNobodyUp() {
        var turns = turns(PATIENCE, suite("a"), alone("b"));
        holdings.refusesTurn("a", new EnvctlException(FailureKind.NOT_OWNER, "The environment has gone.", ""));

        var refusal = catchThrowableOfType(EnvctlException.class, () -> run(turns, suite("a")));

        assertThat(refusal.kind()).isEqualTo(FailureKind.NOT_OWNER);
        assertThat(run(turns, alone("b"))).isTrue();
    }

    @Test
    void saysThatTheSuitesBeforeItDidNotBegin() {
        var turns = turns(Duration.ofMillis(20), suite("a"), alone("b"));

        var failure = catchThrowableOfType(EnvctlException.class, () -> run(turns, alone("b")));

        assertThat(failure.kind()).isEqualTo(FailureKind.TIMEOUT);
        assertThat(failure.problem()).isEqualTo("The suites before it did not begin in time.");
        assertThat(failure.remedy()).contains("--timeout");
        assertThat(holdings.told).isEmpty();
    }

    @Test
    void whatDoesNotFitIntoMemoryWaitsForWhatRuns() throws InterruptedException, ExecutionException, TimeoutException {
        var turns = turns(PATIENCE, suite("a"), suite("b"));
        var begun = new CountDownLatch(1);
        var mayEnd = new CountDownLatch(1);
        var order = new CopyOnWriteArrayList<String>();
        var first = threads.submit(() -> turns.in(suite("a"), waited::add, turn -> {
            begun.countDown();
            return awaited(mayEnd) && order.add("end a");
        }));
        assertThat(awaited(begun)).isTrue();

        var second = threads.submit(() -> turns.in(
                suite("b"),
                reason -> {
                    waited.add(reason);
                    // Now it waits: what it waits for may end.
                    mayEnd.countDown();
                },
                turn -> order.add("begin b")));

        assertThat(first.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(second.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(waited).containsExactly("waiting for memory, of which it may use 60");
        assertThat(order).containsExactly("end a", "begin b");
    }

    @Test
    void saysThatThereWasNoMemory() {
        var turns = turns(Duration.ofMillis(50), suite("a"), suite("b"));

        var failure = turns.in(
                suite("a"),
                waited::add,
                turn -> catchThrowableOfType(EnvctlException.class, () -> run(turns, suite("b"))));

        assertThat(failure.kind()).isEqualTo(FailureKind.TIMEOUT);
        assertThat(failure.problem()).isEqualTo("There was no memory for it in time.");
        assertThat(holdings.told).containsExactly("begin a", "begin b", "end b", "end a");
    }

    private static boolean awaited(CountDownLatch latch) {
        try {
            return latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
