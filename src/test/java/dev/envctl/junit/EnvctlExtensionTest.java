package dev.envctl.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.envctl.worker.Lease;
import dev.envctl.worker.LeaseSource;
import dev.envctl.worker.PrimaryApi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;

/** Runs small test classes with the extension, against a primary that only writes down what it is asked for. */
class EnvctlExtensionTest {
    private static final Set<Integer> SEEN = ConcurrentHashMap.newKeySet();
    private static final AtomicInteger INSIDE = new AtomicInteger();
    private static final AtomicInteger MOST_INSIDE = new AtomicInteger();
    private static final CyclicBarrier BOTH = new CyclicBarrier(2);

    private final Map<String, String> settings = new HashMap<>();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @SuppressWarnings("NullAway.Init")
    private FakePrimary primary;

    @BeforeEach
    void start() throws IOException {
        SEEN.clear();
        INSIDE.set(0);
        MOST_INSIDE.set(0);
        BOTH.reset();
        primary = new FakePrimary(folder, 2);
        settings.put("envctl.directory", folder.toString());
    }

    @AfterEach
    void stop() {
        primary.close();
    }

    private EngineExecutionResults run(Class<?>... tests) {
        var kit = EngineTestKit.engine("junit-jupiter").configurationParameters(settings);
        for (var test : tests) {
            kit.selectors(selectClass(test));
        }
        return kit.execute();
    }

    private void inParallel() {
        settings.put("junit.jupiter.execution.parallel.enabled", "true");
        settings.put("junit.jupiter.execution.parallel.mode.classes.default", "concurrent");
        settings.put("junit.jupiter.execution.parallel.config.strategy", "fixed");
        settings.put("junit.jupiter.execution.parallel.config.fixed.parallelism", "2");
    }

    private static void succeeded(EngineExecutionResults results, int tests) {
        assertThat(problems(results)).isEmpty();
        results.testEvents().assertStatistics(statistics -> statistics.succeeded(tests));
    }

    private static List<String> problems(EngineExecutionResults results) {
        return results.allEvents().failed().stream()
                .flatMap(event -> event.getPayload(org.junit.platform.engine.TestExecutionResult.class).stream())
                .map(result ->
                        String.valueOf(result.getThrowable().orElseThrow().getMessage()))
                .toList();
    }

    private static void meet() throws Exception {
        BOTH.await(20, TimeUnit.SECONDS);
    }

    @Envctl
    static class Everywhere {
        private final int constructed;

        Everywhere(Lease lease) {
            constructed = lease.worker();
        }

        @BeforeAll
        static void before(Lease lease) {
            assertThat(lease.worker()).isEqualTo(1);
        }

        @Test
        void first(Lease lease) {
            assertThat(lease.worker()).isEqualTo(constructed).isEqualTo(1);
        }

        @Test
        void second(Lease lease) {
            assertThat(lease.worker()).isEqualTo(constructed).isEqualTo(1);
        }

        @Nested
        class Inside {
            @Test
            void third(Lease lease) {
                assertThat(lease.worker()).isEqualTo(1);
            }
        }
    }

    @Test
    void whatRunsAfterEachOtherHasTheWorkersLease() {
        succeeded(run(Everywhere.class), 3);

        assertThat(primary.asked()).isEmpty();
    }

    @Envctl
    static class OneClass {
        @Test
        void meetsTheOther(Lease lease) throws Exception {
            SEEN.add(lease.worker());
            meet();
        }
    }

    @Envctl
    static class OtherClass {
        @Test
        void meetsTheOne(Lease lease) throws Exception {
            SEEN.add(lease.worker());
            meet();
        }
    }

    @Test
    void classesThatRunAtTheSameTimeHaveDifferentLeases() {
        inParallel();

        succeeded(run(OneClass.class, OtherClass.class), 2);

        assertThat(SEEN).containsExactlyInAnyOrder(1, 3);
        assertThat(primary.asked()).containsExactly("acquire 3", "release 3");
    }

    @Test
    void takesTheLeasesThatItWasToldBeforeItAcquires() {
        inParallel();
        settings.put("envctl.leases", "1-2");

        succeeded(run(OneClass.class, OtherClass.class), 2);

        assertThat(SEEN).containsExactlyInAnyOrder(1, 2);
        assertThat(primary.asked()).isEmpty();
    }

    @Test
    void refusesARangeThatIsNone() {
        settings.put("envctl.leases", "four");

        assertThat(problems(run(Everywhere.class))).first().asString().contains("write a range of leases such as 1-4");
    }

    @Envctl
    @Execution(ExecutionMode.CONCURRENT)
    static class Methods {
        private final Lease constructed;

        Methods(Lease lease) {
            constructed = lease;
        }

        @Test
        @Execution(ExecutionMode.CONCURRENT)
        void one(Lease lease) throws Exception {
            check(lease);
        }

        @Test
        @Execution(ExecutionMode.CONCURRENT)
        void other(Lease lease) throws Exception {
            check(lease);
        }

        private void check(Lease lease) throws Exception {
            assertThat(lease).isSameAs(constructed);
            SEEN.add(lease.worker());
            meet();
        }
    }

    @Test
    void methodsThatRunAtTheSameTimeHaveDifferentLeases() {
        inParallel();

        succeeded(run(Methods.class), 2);

        assertThat(SEEN).hasSize(2);
    }

    @Test
    void leavesALeaseToTheProcessThatHasItAlready() {
        var lease = new LeaseSource(name -> Optional.ofNullable(settings.get(name)), Map.of(), folder).lease();
        try (var claimed = new PrimaryApi()
                .tryLock(lease, "envctl.worker-1", "another process")
                .orElseThrow()) {
            run(OneAlone.class);
            assertThat(claimed.lost()).isEmpty();
        }

        assertThat(SEEN).containsExactly(3);
        assertThat(primary.asked()).containsExactly("acquire 3", "release 3");
    }

    /** As surefire does it where it has more than one fork. */
    @Test
    void keepsItsLeaseBetweenClassesThatAreExecutedOneByOne() {
        run(OneAlone.class);

        Awaitility.await()
                .during(Duration.ofSeconds(1))
                .atMost(Duration.ofSeconds(5))
                .until(() -> primary.holders("envctl.worker-1").size() == 1);
        run(OneAlone.class);
        assertThat(SEEN).containsExactly(1);
        assertThat(primary.asked()).isEmpty();
    }

    @Envctl
    static class OneAlone {
        @Test
        void sees(Lease lease) {
            SEEN.add(lease.worker());
        }
    }

    @CleanDatabase
    static class BeforeEachMethod {
        @Test
        void one() {}

        @Test
        void two() {}
    }

    @CleanDatabase(CleanDatabase.When.PER_CLASS)
    static class BeforeTheClass {
        @Test
        void one() {}

        @Test
        @CleanDatabase
        void two() {}

        @Nested
        class Inside {
            @Test
            void three() {}
        }
    }

    @Test
    void cleansBeforeEachMethod() {
        succeeded(run(BeforeEachMethod.class), 2);

        assertThat(primary.asked()).containsExactly("reset 1 only=postgres", "reset 1 only=postgres");
    }

    @Test
    void cleansBeforeTheClassAndBeforeMarkedMethods() {
        succeeded(run(BeforeTheClass.class), 3);

        assertThat(primary.asked()).containsExactly("reset 1 only=postgres", "reset 1 only=postgres");
    }

    private static void stay() throws InterruptedException {
        MOST_INSIDE.accumulateAndGet(INSIDE.incrementAndGet(), Math::max);
        Thread.sleep(100);
        INSIDE.decrementAndGet();
    }

    @Serial
    static class SerialOne {
        @Test
        void stays() throws Exception {
            stay();
        }
    }

    @Serial
    static class SerialOther {
        @Test
        void stays() throws Exception {
            stay();
        }
    }

    @Test
    void serialClassesRunOneAtATime() {
        inParallel();

        succeeded(run(SerialOne.class, SerialOther.class), 2);

        assertThat(MOST_INSIDE).hasValue(1);
        assertThat(primary.asked()).containsExactly("lock serial exclusive", "lock serial exclusive");
        awaitFree("serial");
    }

    @SharedResource(value = "device", mode = SharedResource.Mode.READ)
    static class ReaderOne {
        @Test
        void meets() throws Exception {
            meet();
        }
    }

    @SharedResource(value = "device", mode = SharedResource.Mode.READ)
    static class ReaderOther {
        @Test
        void meets() throws Exception {
            meet();
        }
    }

    @Test
    void readersHoldALockTogether() {
        inParallel();

        succeeded(run(ReaderOne.class, ReaderOther.class), 2);

        assertThat(primary.asked()).containsExactly("lock device shared", "lock device shared");
    }

    static class OfAMethod {
        @Test
        @SharedResource("b")
        @SharedResource("a")
        void holdsBoth() {}
    }

    @Test
    void severalLocksAreTakenInTheOrderOfTheirNames() {
        succeeded(run(OfAMethod.class), 1);

        assertThat(primary.asked()).containsExactly("lock a exclusive", "lock b exclusive");
        awaitFree("a");
    }

    @SharedResource("a")
    static class Around {
        @Test
        @SharedResource("a")
        void holdsItAlready() {}
    }

    @Test
    void aLockThatTheClassHoldsIsNotTakenAgain() {
        succeeded(run(Around.class), 1);

        assertThat(primary.asked()).containsExactly("lock a exclusive");
    }

    @SharedResource(value = "a", mode = SharedResource.Mode.READ)
    static class Upgrade {
        @Test
        @SharedResource("a")
        void wantsMore() {}
    }

    @Test
    void moreThanTheClassHoldsIsRefusedInsteadOfWaitingForOneself() {
        assertThat(problems(run(Upgrade.class))).singleElement().asString().contains("mark that READ_WRITE too");
    }

    static class Impatient {
        @Test
        @SharedResource(value = "a", timeout = "1s")
        void waits() {}
    }

    @Test
    void aLockThatIsNotFreeInTimeFailsTheTestAndNamesTheHolders() {
        var lease = new LeaseSource(name -> Optional.ofNullable(settings.get(name)), Map.of(), folder).lease();
        try (var held = new PrimaryApi().lock(lease, "a", false, "1m", "somebody")) {
            assertThat(problems(run(Impatient.class)))
                    .singleElement()
                    .asString()
                    .contains("Lock a was not free within 1s: it is held by somebody (worker 9, exclusive)");
            assertThat(held.lost()).isEmpty();
        }
    }

    static class Loses {
        @Test
        @SharedResource("a")
        void waitsUntilItIsLost() throws Exception {
            meet();
            meet();
        }
    }

    @Test
    void aLockThatIsLostFailsTheTest() throws Exception {
        var ending = new Thread(() -> {
            try {
                meet();
                primary.endLocks("the environment is removed");
                // Whoever watches the lock has noted it once it has ended.
                await().until(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().equals("lock a")));
                meet();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
        ending.start();

        var results = run(Loses.class);

        ending.join(Duration.ofSeconds(5).toMillis());
        assertThat(problems(results))
                .singleElement()
                .asString()
                .contains("lock a was lost while waitsUntilItIsLost")
                .contains("the environment is removed");
    }

    @Test
    void saysWhatItLookedForWhereThereIsNoEnvironment() {
        settings.put("envctl.directory", folder.resolve("nowhere").toString());

        assertThat(problems(run(Everywhere.class)))
                .first()
                .asString()
                .contains("There is no environment to test with")
                .contains("nowhere/workers/1.env is not there")
                .contains("Start one with `envctl up`");
    }

    @Test
    void saysWhenTheEnvironmentOfALeaseIsGone() {
        primary.close();

        assertThat(problems(run(OneAlone.class)))
                .singleElement()
                .asString()
                .contains("primary at http://127.0.0.1:")
                .contains("does not answer")
                .contains("`envctl status`");
    }

    @Envctl(start = "small")
    static class Starts {
        @Test
        void has(Lease lease) {
            SEEN.add(lease.worker());
        }
    }

    private void program(String script) throws IOException {
        var program = Files.writeString(folder.resolve("envctl"), "#!/bin/sh\n" + script);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        settings.put("envctl.command", program.toString());
        settings.put("envctl.directory", folder.resolve("started").toString());
    }

    @Test
    void startsAnEnvironmentThatGoesWithThisProcess() throws IOException {
        program("mkdir %1$s/started; cp -r %1$s/workers %1$s/started/; echo \"$@\" >%1$s/words".formatted(folder));

        succeeded(run(Starts.class), 1);

        assertThat(SEEN).containsExactly(1);
        assertThat(Files.readString(folder.resolve("words")).strip())
                .isEqualTo("up --environment small --ephemeral --owner-pid %d --progress plain"
                        .formatted(ProcessHandle.current().pid()));
    }

    @Test
    void isOneMoreOfThoseThatAnEnvironmentStaysFor() throws IOException {
        program("cp -r %1$s/workers %1$s/started/; echo once more >>%1$s/words".formatted(folder));
        Files.createDirectories(folder.resolve("started/workers"));
        Files.writeString(folder.resolve("started/workers/1.env"), "of an environment that is gone");

        succeeded(run(Starts.class), 1);

        assertThat(Files.readString(folder.resolve("words"))).isEqualTo("once more\n");
    }

    @Test
    void saysWhyAnEnvironmentCouldNotBeStarted() throws IOException {
        program("echo 'error: no engine answers' >&2; exit 3");

        assertThat(problems(run(Starts.class)))
                .singleElement()
                .asString()
                .contains("Environment small could not be started")
                .contains("error: no engine answers");
    }

    private void awaitFree(String lock) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertThat(primary.holders(lock)).isEmpty());
    }
}
