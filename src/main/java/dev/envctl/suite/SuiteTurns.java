package dev.envctl.suite;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.readiness.Deadline;
import dev.envctl.spec.Quantity;
import dev.envctl.spec.SuiteSpec;
import java.util.List;
import java.util.concurrent.Phaser;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;

/** Says when each suite of one run may begin: as the environment allows, as memory allows, and those that run alone last. */
final class SuiteTurns {
    private final Holdings holdings;
    private final MemoryTurns memory;
    private final Deadline whole;

    /** Opens once all that run side by side have had their turn: who runs alone would hold up those that ask later. */
    private final Phaser sideBySide = new Phaser();

    SuiteTurns(List<SuiteSpec> suites, Holdings holdings, MemoryTurns memory, Deadline whole) {
        this.holdings = holdings;
        this.memory = memory;
        this.whole = whole;
        sideBySide.bulkRegister(
                1 + (int) suites.stream().filter(suite -> !suite.exclusive()).count());
        sideBySide.arriveAndDeregister();
    }

    /**
     * Waits for its turn and does the work in it.
     *
     * @throws EnvctlException TIMEOUT, or NOT_OWNER where the environment goes away
     */
    <T> T in(SuiteSpec suite, Consumer<String> waiting, Function<Holdings.Turn, T> work) {
        try (var turn = turn(suite, waiting)) {
            var bytes = Quantity.bytes(suite.resources().memory()).orElse(0L);
            if (!memory.take(
                    bytes,
                    whole,
                    () -> waiting.accept("waiting for memory, of which it may use %s"
                            .formatted(suite.resources().memory())))) {
                throw late("There was no memory for it in time.");
            }
            try {
                return work.apply(turn);
            } finally {
                memory.giveBack(bytes);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EnvctlException(FailureKind.INTERRUPTED, "The run was interrupted.", "", e);
        }
    }

    private Holdings.Turn turn(SuiteSpec suite, Consumer<String> waiting) throws InterruptedException {
        try {
            if (suite.exclusive()) {
                waiting.accept("waiting for the suites before it");
                awaitOthers();
            }
            return holdings.turn(suite.name(), suite.exclusive(), whole, waiting);
        } finally {
            if (!suite.exclusive()) {
                sideBySide.arriveAndDeregister();
            }
        }
    }

    private void awaitOthers() throws InterruptedException {
        try {
            sideBySide.awaitAdvanceInterruptibly(0, whole.remaining().toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw late("The suites before it did not begin in time.");
        }
    }

    private static EnvctlException late(String problem) {
        return new EnvctlException(FailureKind.TIMEOUT, problem, "Give all longer with `--timeout`.");
    }
}
