package dev.envctl.primary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.Progress;
import dev.envctl.environment.Leases;
import dev.envctl.environment.WorkerLease.Holder;
import dev.envctl.primary.Slot.Stage;
import dev.envctl.process.KnownProcess;
import dev.envctl.spec.OnDemandRoom;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who gets which lease, and what becomes of it. */
@Timeout(30)
class LeasingTest {
    private static final Set<Leases.Part> ALL = EnumSet.allOf(Leases.Part.class);
    private static final Duration LONG = Duration.ofSeconds(20);

    private final FakeLeases leases = new FakeLeases();
    private final Tokens tokens = new Tokens(new SecureRandom());
    private final AtomicLong nanos = new AtomicLong();
    private volatile Instant wall = Instant.parse("2026-01-01T00:00:00Z");
    private final List<String> told = Collections.synchronizedList(new ArrayList<>());
    private final List<String> noticed = Collections.synchronizedList(new ArrayList<>());
    private final List<LeaseWatch> open = new ArrayList<>();

    @AfterEach
    void close() {
        open.forEach(LeaseWatch::close);
    }

    private LeaseWatch watch(int count, int ahead, int most) {
        var desk = new LeaseDesk(count, ahead, new OnDemandRoom(most, "Redis has few databases", "Raise `databases`."));
        Progress progress = event -> told.add(event.toString());
        var leasing = new Leasing(desk, leases, tokens, progress, () -> new Moment(wall, nanos.get()));
        leasing.begin(count, "http://127.0.0.1:1");
        var watch = new LeaseWatch(leasing, leases, progress, ahead, noticed::add);
        open.add(watch);
        return watch;
    }

    private static Holder holder(String ttl) {
        return new Holder("test", 0, 0, ttl, "2026-01-01T00:00:00Z");
    }

    private static int acquire(Leasing leasing) {
        return leasing.acquire(holder("5m"), LONG).worker;
    }

    private static List<Integer> in(Leasing leasing, Stage stage) {
        return leasing.desk().all(slot -> slot.stage == stage).stream()
                .map(slot -> slot.worker)
                .toList();
    }

    private static void awaitAhead(Leasing leasing, Integer... workers) {
        await().untilAsserted(() -> assertThat(in(leasing, Stage.AHEAD)).containsExactly(workers));
    }

    @Test
    void aLeakIsToldOnceAndAgainAfterItWasCleanedUp() {
        var watch = watch(1, 0, 0);
        for (var found : List.of("", "a", "a, b", "", "c")) {
            leases.leak = found;
            watch.lookForLeaks();
        }

        assertThat(noticed).containsExactly("Leak: a", "Leak: c");
    }

    @Test
    void sparesAreMadeAgainAfterAReset() {
        var watch = watch(0, 0, 5);
        var worker = acquire(watch.leasing());
        watch.tend();
        watch.copy();
        watch.tend();
        watch.copy();
        assertThat(leases.asked).containsOnlyOnce("replenish 0");

        watch.leasing().reset(worker, ALL);
        watch.tend();
        watch.copy();

        assertThat(leases.asked).filteredOn("replenish 0"::equals).hasSize(2);
    }

    @Test
    void keepsLeasesAheadOfDemandAndRefillsThem() {
        var leasing = watch(4, 2, 10).leasing();
        awaitAhead(leasing, 5, 6);

        assertThat(acquire(leasing)).isEqualTo(5);
        leasing.works().refill();

        awaitAhead(leasing, 6, 7);
        assertThat(leases.files).containsOnlyKeys(5);
    }

    /** They are to cost those who use theirs as little as can be. */
    @Test
    void aheadOfDemandTheyAreMadeOneAfterTheOther() {
        leases.makeable.drainPermits();
        var leasing = watch(0, 3, 10).leasing();
        leasing.works().refill();

        assertThat(in(leasing, Stage.MAKING)).containsExactly(1);
        var asked = IntStream.range(0, 2)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> acquire(leasing), task -> new Thread(task).start()))
                .toList();
        await().until(() -> in(leasing, Stage.MAKING).size() == 2);
        leases.makeable.release(100);

        assertThat(asked.stream().map(CompletableFuture::join)).containsExactlyInAnyOrder(1, 2);
        awaitAhead(leasing, 3, 4, 5);
    }

    @Test
    void givesNoTwoTheSameHoweverManyAskAtOnce() {
        var leasing = watch(0, 2, 64).leasing();

        var asked = IntStream.range(0, 64)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> acquire(leasing), task -> new Thread(task).start()))
                .toList();

        assertThat(asked.stream().map(CompletableFuture::join))
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.rangeClosed(1, 64).boxed().toList());
        assertThat(leases.made()).isEqualTo(64);
    }

    @Test
    void refusesWhatDoesNotFitWithTheArithmetic() {
        var leasing = watch(1, 0, 2).leasing();
        acquire(leasing);
        acquire(leasing);

        var refused = catchThrowableOfType(EnvctlException.class, () -> acquire(leasing));

        assertThat(refused.kind()).isEqualTo(FailureKind.USAGE);
        assertThat(refused.problem()).contains("2 of 2", "Redis has few databases");
        assertThat(refused.remedy()).contains("Raise `databases`.");
    }

    @Test
    void waitsOnlyAsLongAsTheCallerDoes() {
        leases.makeable.drainPermits();
        var leasing = watch(0, 0, 2).leasing();

        var late =
                catchThrowableOfType(EnvctlException.class, () -> leasing.acquire(holder("5m"), Duration.ofMillis(50)));

        assertThat(late.kind()).isEqualTo(FailureKind.TIMEOUT);
        assertThat(leasing.desk().waiting()).isZero();
        leases.makeable.release(10);
        assertThat(acquire(leasing)).isEqualTo(1);
    }

    @Test
    void tellsTheCallerWhyALeaseCouldNotBeMade() {
        leases.failure = "the disk is full";
        var leasing = watch(0, 0, 2).leasing();

        var failed = catchThrowableOfType(EnvctlException.class, () -> acquire(leasing));

        assertThat(failed.problem()).isEqualTo("the disk is full");
        leases.failure = "";
        assertThat(acquire(leasing)).isNotZero();
    }

    @Test
    void givesAnIndexAgainOnlyWhenItsNamespaceIsGone() {
        var watch = watch(0, 0, 1);
        var leasing = watch.leasing();
        acquire(leasing);

        leasing.release(1, false);
        watch.tend();
        assertThat(in(leasing, Stage.LEAVING)).containsExactly(1);
        var next = CompletableFuture.supplyAsync(() -> acquire(leasing));
        await().until(() -> leasing.desk().waiting() == 1);
        leases.namespaces.remove(1);
        watch.tend();

        assertThat(next.join()).isEqualTo(1);
        assertThat(leases.asked).containsSubsequence("make 1", "give 1", "remove 1", "gone 1", "make 1", "give 1");
    }

    @Test
    void triesAgainToRemoveWhatCouldNotBe() {
        var watch = watch(0, 0, 2);
        var leasing = watch.leasing();
        acquire(leasing);
        leases.failure = "Postgres does not answer";

        assertThat(catchThrowableOfType(EnvctlException.class, () -> leasing.release(1, false))
                        .problem())
                .contains("Postgres does not answer");
        assertThat(acquireAfter(leasing)).as("others are not held up").isEqualTo(2);
        leases.namespaces.remove(1);
        watch.tend();
        watch.tend();

        assertThat(leasing.desk().find(1)).isEmpty();
    }

    @Test
    void aLeaseThatCannotBeRemovedIsTriedLessAndLessOftenAndToldOnce() {
        var watch = watch(0, 0, 2);
        acquire(watch.leasing());
        leases.failure = "Postgres does not answer";
        assertThat(catchThrowableOfType(
                        EnvctlException.class, () -> watch.leasing().release(1, false)))
                .isNotNull();
        told.clear();
        leases.removals.set(0);

        for (var round = 0; round < 240; round++) {
            watch.tend();
            pass(Duration.ofMillis(250));
        }

        assertThat(leases.removals).as("at 0, 1, 3, 7, 15 and 31 s").hasValue(6);
        assertThat(told).as("it was told when it was released").isEmpty();
    }

    private int acquireAfter(Leasing leasing) {
        leases.failure = "";
        return acquire(leasing);
    }

    @Test
    void aLeaseWithoutHeartbeatReturnsAndItsTokenEnds() {
        var leasing = watch(0, 0, 2).leasing();
        var slot = leasing.acquire(holder("10s"), LONG);
        var token = slot.lease().token();

        pass(Duration.ofSeconds(9));
        leasing.heartbeat(1);
        pass(Duration.ofSeconds(9));
        leasing.sweep();
        assertThat(tokens.caller("Bearer " + token)).contains(new Caller.Worker(1));
        pass(Duration.ofSeconds(2));
        leasing.sweep();

        assertThat(in(leasing, Stage.HELD)).isEmpty();
        assertThat(tokens.caller("Bearer " + token)).isEmpty();
        assertThat(told).anySatisfy(line -> assertThat(line).contains("no heartbeat within 10s"));
        await().untilAsserted(() -> assertThat(leases.asked).contains("remove 1"));
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void aChangeOfTheWallClockEndsNoLeaseAndHoldsUpNone() {
        var watch = watch(0, 0, 3);
        var leasing = watch.leasing();
        var slot = leasing.acquire(holder("10m"), LONG);
        pass(Duration.ofMinutes(4));
        wall = wall.plus(Duration.ofDays(1));
        leasing.sweep();

        assertThat(in(leasing, Stage.HELD)).containsExactly(1);
        assertThat(slot.expires(leasing.now())).contains(wall.plus(Duration.ofMinutes(6)));

        leases.namespaces.put(1, "");
        leasing.release(1, false);
        wall = wall.plus(Duration.ofDays(1));
        watch.tend();
        assertThat(slot.trouble)
                .as("of a namespace that has just been asked to go")
                .isEmpty();
        pass(Duration.ofMinutes(1));
        watch.tend();
        assertThat(slot.trouble).isEqualTo("its namespace does not go");
    }

    @Test
    void theLeaseOfADeadProcessReturns() throws IOException, InterruptedException {
        var leasing = watch(0, 0, 2).leasing();
        var process = new ProcessBuilder("sleep", "60").start();
        var identity = KnownProcess.of(process.pid()).orElseThrow();
        leasing.acquire(new Holder("test", process.pid(), identity.started(), "", ""), LONG);
        pass(Duration.ofDays(1));
        leasing.sweep();
        assertThat(in(leasing, Stage.HELD)).containsExactly(1);

        process.destroyForcibly().waitFor();
        leasing.sweep();

        assertThat(in(leasing, Stage.HELD)).isEmpty();
    }

    @Test
    void anotherProcessOfTheSameNumberIsNotTheHolder() {
        var leasing = watch(0, 0, 2).leasing();
        leasing.acquire(new Holder("test", ProcessHandle.current().pid(), 1, "", ""), LONG);

        leasing.sweep();

        assertThat(in(leasing, Stage.HELD)).isEmpty();
    }

    @Test
    void aKeptLeaseStaysUntilItIsReleasedWithoutKeeping() {
        var watch = watch(0, 0, 1);
        var leasing = watch.leasing();
        acquire(leasing);

        leasing.release(1, true);
        pass(Duration.ofDays(1));
        leasing.sweep();
        watch.tend();

        assertThat(in(leasing, Stage.KEPT)).containsExactly(1);
        assertThat(catchThrowableOfType(EnvctlException.class, () -> acquire(leasing))
                        .problem())
                .contains("1 of 1", "kept for inspection");
        assertThat(catchThrowableOfType(EnvctlException.class, () -> leasing.reset(1, ALL)))
                .isNotNull();
        leasing.release(1, false);
        assertThat(leases.asked).contains("keep 1", "remove 1");
    }

    @Test
    void fixedLeasesAreResetButNeverReleased() {
        leases.given.add(FakeLeases.lease(1, "one"));
        var leasing = watch(1, 0, 1).leasing();

        leasing.reset(1, ALL);
        leasing.heartbeat(1);

        assertThat(leases.asked).contains("reset 1");
        assertThat(catchThrowableOfType(EnvctlException.class, () -> leasing.release(1, false))
                        .kind())
                .isEqualTo(FailureKind.NOT_OWNER);
        assertThat(in(leasing, Stage.FIXED)).containsExactly(1);
        leasing.reset(1, ALL);
    }

    @Test
    void goesOnWithWhatAnEarlierPrimaryGaveAndRemovesWhatItLeft() {
        leases.given.add(FakeLeases.lease(1, "one"));
        leases.given.add(FakeLeases.lease(2, "two").heldBy(holder("10s")));
        leases.given.add(FakeLeases.lease(3, "three").heldBy(holder("10s")).keptForInspection());
        leases.abandoned.add(4);
        pass(Duration.ofDays(1));

        var leasing = watch(1, 0, 10).leasing();

        assertThat(in(leasing, Stage.FIXED)).containsExactly(1);
        assertThat(in(leasing, Stage.HELD)).containsExactly(2);
        assertThat(in(leasing, Stage.KEPT)).containsExactly(3);
        assertThat(in(leasing, Stage.LEAVING)).containsExactly(4);
        assertThat(tokens.caller("Bearer two")).contains(new Caller.Worker(2));
        assertThat(tokens.caller("Bearer three")).isEmpty();
        leasing.sweep();
        assertThat(in(leasing, Stage.HELD)).as("its time begins anew").containsExactly(2);
        assertThat(acquire(leasing)).isEqualTo(5);
        await().untilAsserted(() -> assertThat(leases.asked).contains("remove 4"));
    }

    @Test
    void writesTheAddressOfANewPrimaryIntoTheFiles() {
        leases.given.add(FakeLeases.lease(1, "one").reachedAt("http://127.0.0.1:9", "one"));

        watch(1, 0, 1);

        assertThat(leases.files.get(1)).isEqualTo(FakeLeases.lease(1, "one"));
    }

    @Test
    void whoeverWaitsIsToldOfTheEnd() {
        leases.makeable.drainPermits();
        var watch = watch(0, 0, 1);
        var waiting = CompletableFuture.supplyAsync(
                () -> catchThrowableOfType(EnvctlException.class, () -> acquire(watch.leasing())));
        await().until(() -> watch.leasing().desk().waiting() == 1);

        watch.close();

        assertThat(waiting.join().kind()).isEqualTo(FailureKind.NOT_OWNER);
        assertThat(leases.asked).contains("close");
    }

    @Test
    void makesCopiesInAdvanceOnceNobodyWaits() {
        var watch = watch(0, 1, 4);
        awaitAhead(watch.leasing(), 1);

        watch.tend();
        watch.copy();
        watch.tend();
        watch.copy();

        assertThat(leases.asked.stream().filter("replenish 1"::equals)).hasSize(1);
    }
}
