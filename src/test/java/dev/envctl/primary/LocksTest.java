package dev.envctl.primary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.primary.Locks.Mode;
import dev.envctl.primary.Locks.Party;
import dev.envctl.primary.Locks.Request;
import dev.envctl.primary.Locks.Standing;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class LocksTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final Standing.Holding HOLDING = new Standing.Holding(false);
    private static final Standing.Holding WANTED = new Standing.Holding(true);

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private final Locks locks = new Locks(() -> now);

    @Test
    void theFirstWhoAsksGetsIt() {
        assertThat(exclusive("a").standing()).isEqualTo(HOLDING);
    }

    @Test
    void whoAsksNextWaitsAndIsToldForWhom() {
        exclusive("a");
        now = now.plusSeconds(5);

        assertThat(exclusive("b").standing()).isEqualTo(new Standing.Waiting(1, List.of(party("a", 0))));
        assertThat(shared("c").standing()).isEqualTo(new Standing.Waiting(2, List.of(party("a", 0))));
    }

    @Test
    void theOrderIsThatOfTheAsking() {
        var holder = exclusive("a");
        var second = exclusive("b");
        var third = exclusive("c");

        holder.close();
        assertThat(second.standing()).isEqualTo(WANTED);
        assertThat(third.standing()).isInstanceOf(Standing.Waiting.class);
        second.close();
        assertThat(third.standing()).isEqualTo(HOLDING);
    }

    @Test
    void severalShareIt() {
        assertThat(shared("a").standing()).isEqualTo(HOLDING);
        assertThat(shared("b").standing()).isEqualTo(HOLDING);
    }

    @Test
    void whoSharesLaterWaitsBehindWhoWantsItAlone() {
        var reader = shared("a");
        var writer = exclusive("b");
        var later = shared("c");

        assertThat(writer.standing()).isInstanceOf(Standing.Waiting.class);
        assertThat(later.standing()).isInstanceOf(Standing.Waiting.class);
        reader.close();
        assertThat(writer.standing()).isEqualTo(WANTED);
        assertThat(later.standing()).isInstanceOf(Standing.Waiting.class);
        writer.close();
        assertThat(later.standing()).isEqualTo(HOLDING);
    }

    @Test
    void allWhoShareGoTogetherUpToTheNextWhoWantsItAlone() {
        var holder = exclusive("a");
        var second = shared("b");
        var third = shared("c");
        var fourth = exclusive("d");
        var fifth = shared("e");

        holder.close();

        assertThat(second.standing()).isEqualTo(WANTED);
        assertThat(third.standing()).isEqualTo(WANTED);
        assertThat(fourth.standing()).isInstanceOf(Standing.Waiting.class);
        assertThat(fifth.standing()).isInstanceOf(Standing.Waiting.class);
    }

    @Test
    void theLastWhoSharesMakesRoom() {
        var first = shared("a");
        var second = shared("b");
        var writer = exclusive("c");

        first.close();
        assertThat(writer.standing()).isInstanceOf(Standing.Waiting.class);
        second.close();
        assertThat(writer.standing()).isEqualTo(HOLDING);
    }

    @Test
    void whoLeavesTheLineIsNoLongerWaitedFor() {
        var reader = shared("a");
        var writer = exclusive("b");
        var later = shared("c");

        writer.close();

        assertThat(later.standing()).isEqualTo(HOLDING);
        assertThat(reader.standing()).isEqualTo(HOLDING);
    }

    @Test
    void positionsMoveUp() {
        exclusive("a");
        var second = exclusive("b");
        var third = exclusive("c");

        second.close();

        assertThat(third.standing()).isEqualTo(new Standing.Waiting(1, List.of(party("a", 0))));
    }

    @Test
    void closingTwiceGivesBackOnce() {
        var first = exclusive("a");
        first.close();
        var second = exclusive("b");

        first.close();

        assertThat(second.standing()).isEqualTo(HOLDING);
        assertThat(exclusive("c").standing()).isInstanceOf(Standing.Waiting.class);
    }

    @Test
    void locksOfOtherNamesAreOthers() {
        exclusive("a");

        assertThat(locks.ask("other", Mode.EXCLUSIVE, "b", "owner").standing()).isEqualTo(HOLDING);
    }

    @Test
    void tellsHoldersAndWaitersWithTheTimeOfEach() {
        var first = exclusive("a");
        now = now.plusSeconds(3);
        exclusive("b");
        now = now.plusSeconds(4);
        first.close();
        shared("c");

        assertThat(locks.list())
                .containsExactly(new Locks.Held(
                        "db", List.of(party("b", 7)), List.of(new Party("c", "owner", Mode.SHARED, now))));
    }

    @Test
    void nothingIsLeftOfALockThatNobodyHolds() {
        var first = exclusive("a");
        exclusive("b").close();
        first.close();

        assertThat(locks.list()).isEmpty();
    }

    @Test
    void waitingEndsWhenTheHolderIsGone() throws Exception {
        var holder = exclusive("a");
        var waiter = exclusive("b");
        var seen = waiter.standing();
        var waiting = async(() -> waiter.await(seen, LONG));

        holder.close();

        assertThat(waiting.get(5, TimeUnit.SECONDS)).isEqualTo(HOLDING);
    }

    @Test
    void waitingEndsWithTheLimit() throws InterruptedException {
        exclusive("a");
        var waiter = exclusive("b");

        assertThat(waiter.await(waiter.standing(), Duration.ofMillis(20))).isInstanceOf(Standing.Waiting.class);
    }

    @Test
    void theEndIsToldToAllAndNobodyGetsAnythingAnyMore() throws Exception {
        var holder = exclusive("a");
        var waiter = exclusive("b");
        var seen = waiter.standing();
        var waiting = async(() -> waiter.await(seen, LONG));

        locks.end("it is being removed");
        locks.end("another reason");

        assertThat(waiting.get(5, TimeUnit.SECONDS)).isEqualTo(new Standing.Over("it is being removed"));
        assertThat(holder.standing()).isEqualTo(new Standing.Over("it is being removed"));
        var failure = catchThrowableOfType(EnvctlException.class, () -> exclusive("c"));
        assertThat(failure.kind()).isEqualTo(FailureKind.NOT_OWNER);
        assertThat(failure.problem()).contains("it is being removed");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", ".", "-a", "a/b", "a b", "a\n", "ä", "a\u001b[2J"})
    void takesOnlyPlainNames(String name) {
        var failure = catchThrowableOfType(EnvctlException.class, () -> locks.ask(name, Mode.SHARED, "a", "owner"));

        assertThat(failure.kind()).isEqualTo(FailureKind.USAGE);
        assertThat(failure.problem()).doesNotContain("\u001b");
        assertThat(locks.list()).isEmpty();
    }

    @Test
    void takesNamesOfUpTo63Letters() {
        assertThat(locks.ask("a".repeat(63), Mode.SHARED, "a", "owner").standing())
                .isEqualTo(HOLDING);
        assertThat(catchThrowableOfType(
                        EnvctlException.class, () -> locks.ask("a".repeat(64), Mode.SHARED, "a", "owner")))
                .isNotNull();
    }

    @Test
    void whatHoldersCallThemselvesIsShortAndHarmless() {
        locks.ask("db", Mode.SHARED, "x\u001b[31m\n" + "y".repeat(500), "owner");

        assertThat(locks.list().get(0).holders().get(0).who())
                .startsWith("x [31m yyy")
                .hasSize(201);
    }

    @Test
    void boundsHowManyAsk() {
        var many = IntStream.range(0, Locks.MOST_OF_ONE)
                .mapToObj(index -> locks.ask("lock-" + index % 7, Mode.EXCLUSIVE, "a", "worker 3"))
                .toList();
        assertThat(catchThrowableOfType(
                                EnvctlException.class, () -> locks.ask("one-more", Mode.SHARED, "a", "worker 3"))
                        .problem())
                .contains("128 times by worker 3");
        locks.ask("others", Mode.SHARED, "a", "worker 4").close();
        many.forEach(Locks.Request::close);

        var all = IntStream.range(0, Locks.MOST_REQUESTS)
                .mapToObj(index -> locks.ask("lock-" + index % 7, Mode.EXCLUSIVE, "a", "owner"))
                .toList();

        assertThat(catchThrowableOfType(EnvctlException.class, () -> exclusive("b"))
                        .kind())
                .isEqualTo(FailureKind.FAILED);
        all.get(3).close();
        assertThat(exclusive("b").standing()).isEqualTo(HOLDING);
    }

    @Test
    void neverLetsTwoInUnlessTheyShare() throws Exception {
        var writers = new AtomicInteger();
        var readers = new AtomicInteger();
        var done = new AtomicInteger();
        var wrong = Collections.synchronizedList(new ArrayList<String>());
        var threads = Executors.newFixedThreadPool(16);
        try {
            var all = new ArrayList<Future<?>>();
            for (var thread = 0; thread < 16; thread++) {
                var random = new Random(thread);
                all.add(threads.submit(() -> {
                    for (var round = 0; round < 300; round++) {
                        var share = random.nextInt(3) > 0;
                        try (var request = locks.ask("db", share ? Mode.SHARED : Mode.EXCLUSIVE, "a", "owner")) {
                            if (random.nextInt(10) == 0 || !holds(request)) {
                                continue;
                            }
                            var inside = share ? readers : writers;
                            inside.incrementAndGet();
                            if (writers.get() > 1 || (writers.get() == 1 && readers.get() > 0)) {
                                wrong.add(writers + " writers and " + readers + " readers");
                            }
                            inside.decrementAndGet();
                            done.incrementAndGet();
                        }
                    }
                    return null;
                }));
            }
            for (var one : all) {
                one.get(30, TimeUnit.SECONDS);
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(wrong).isEmpty();
        assertThat(done.get()).isGreaterThan(3000);
        assertThat(locks.list()).isEmpty();
    }

    private static boolean holds(Request request) throws InterruptedException {
        var standing = request.standing();
        while (standing instanceof Standing.Waiting) {
            standing = request.await(standing, LONG);
        }
        return standing instanceof Standing.Holding;
    }

    private interface Waiting {
        Standing run() throws InterruptedException;
    }

    private static CompletableFuture<Standing> async(Waiting waiting) {
        var future = new CompletableFuture<Standing>();
        new Thread(() -> {
                    try {
                        future.complete(waiting.run());
                    } catch (InterruptedException e) {
                        future.completeExceptionally(new ExecutionException(e));
                    }
                })
                .start();
        return future;
    }

    private Request exclusive(String who) {
        return locks.ask("db", Mode.EXCLUSIVE, who, "owner");
    }

    private Request shared(String who) {
        return locks.ask("db", Mode.SHARED, who, "owner");
    }

    private Party party(String who, int seconds) {
        return new Party(
                who,
                "owner",
                Mode.EXCLUSIVE,
                Instant.parse("2026-01-01T00:00:00Z").plusSeconds(seconds));
    }
}
