package dev.envctl.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.Progress;
import dev.envctl.primary.Follower;
import dev.envctl.primary.PrimaryRecord;
import dev.envctl.process.Command;
import dev.envctl.spec.Inputs;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class RollBackTest {
    private static final PrimaryRecord PRIMARY =
            new PrimaryRecord(4711, "http://127.0.0.1:1", "token", "", "", Map.of(), Inputs.unknown(), "");

    private final AtomicInteger started = new AtomicInteger();
    private final List<PrimaryRecord> takenBack = new CopyOnWriteArrayList<>();

    private RollBack rollBack() {
        return new RollBack(
                () -> {
                    started.incrementAndGet();
                    return Command.of("envctl", "primary");
                },
                takenBack::add,
                Progress.SILENT);
    }

    /** In a thread of its own, as the JVM does it. */
    private static CompletableFuture<Void> signal(RollBack rollBack) {
        var signalled = CompletableFuture.runAsync(rollBack::signalled);
        await().until(rollBack::begun);
        return signalled;
    }

    private static void awaitEnd(CompletableFuture<Void> signalled) {
        signalled.orTimeout(10, TimeUnit.SECONDS).join();
    }

    @Test
    void takesBackThePrimaryThatWasStarted() {
        try (var rollBack = rollBack()) {
            rollBack.command();
            var signalled = signal(rollBack);
            assertThat(signalled).isNotDone();

            rollBack.found(new Follower.Found(PRIMARY, true));
            awaitEnd(signalled);
        }
        assertThat(takenBack).containsExactly(PRIMARY);
    }

    @Test
    void waitsForNothingWhereSomebodyWasFasterThanWhatWasStarted() {
        try (var rollBack = rollBack()) {
            rollBack.command();
            rollBack.inVain();

            awaitEnd(signal(rollBack));
        }
        assertThat(takenBack).isEmpty();
    }

    @Test
    void leavesThePrimaryThatSomebodyElseHasStarted() {
        try (var rollBack = rollBack()) {
            rollBack.command();
            var signalled = signal(rollBack);
            rollBack.inVain();
            rollBack.found(new Follower.Found(PRIMARY, false));

            awaitEnd(signalled);
        }
        assertThat(takenBack).isEmpty();
    }

    @Test
    void takesNothingBackWhereTheSearchHasFailed() {
        CompletableFuture<Void> signalled;
        try (var rollBack = rollBack()) {
            rollBack.command();
            signalled = signal(rollBack);
        }
        awaitEnd(signalled);
        assertThat(takenBack).isEmpty();
    }

    @Test
    void startsNothingOnceASignalHasCome() {
        try (var rollBack = rollBack()) {
            awaitEnd(signal(rollBack));

            assertThat(catchThrowableOfType(EnvctlException.class, rollBack::command)
                            .kind())
                    .isEqualTo(FailureKind.INTERRUPTED);
        }
        assertThat(started).hasValue(0);
    }
}
