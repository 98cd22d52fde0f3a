package dev.envctl.suite;

import dev.envctl.environment.WorkerLease;
import dev.envctl.kubernetes.ObjectReference;
import dev.envctl.kubernetes.PodRun;
import dev.envctl.readiness.Deadline;
import dev.envctl.spec.Quantity;
import dev.envctl.spec.SuiteSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One suite in its lease: its Job is made, followed to its end, and asked what it leaves. */
final class RunSuite {
    private static final Duration MAKING = Duration.ofSeconds(30);
    private static final Duration FETCHING = Duration.ofSeconds(60);
    private static final double NANOS = 1e9;

    private final SuiteSpec suite;
    private final WorkerLease lease;
    private final Cluster cluster;
    private final SuiteFolder folder;
    private final SuiteObjects objects;
    private final SuitePods pods;
    private final Map<String, Long> peaks = new HashMap<>();
    private final List<String> remarks = new ArrayList<>();
    private @Nullable SuiteLog log;
    private final List<Path> files = new ArrayList<>();
    private TestCounts tests = TestCounts.NONE;

    RunSuite(SuiteSpec suite, WorkerLease lease, Cluster cluster, SuiteFolder folder, String image, String keeper) {
        this.suite = suite;
        this.lease = lease;
        this.cluster = cluster;
        this.folder = folder;
        this.objects = new SuiteObjects(suite, lease, image, keeper);
        this.pods = new SuitePods(suite.resources().memory());
    }

    /**
     * Returns when it has ended and its reports are here; its pod may still be there.
     *
     * @param whole when all suites must have ended
     * @param lines told each line that it writes
     * @param waiting told why it does not work yet
     */
    SuiteResult run(Holdings.Turn turn, Deadline whole, Consumer<String> lines, Consumer<String> waiting) {
        var started = Instant.now();
        var begun = System.nanoTime();
        var left = whole.remaining();
        var deadline = Deadline.in(left.compareTo(suite.timeout()) < 0 ? left : suite.timeout());
        try {
            var making = Deadline.in(MAKING);
            objects.all().forEach(object -> cluster.api().create(object, making));
            var watch = new SuiteWatch(cluster, objects, pods, suite, turn);
            var ending = watch.await(deadline, pod -> follow(pod, lines), waiting);
            var seconds = (System.nanoTime() - begun) / NANOS;
            var judgement = judged(ending);
            ending.pod().filter(pod -> pod.end().isPresent()).ifPresent(watch::settle);
            return result(judgement, started, seconds, ending);
        } finally {
            if (log != null) {
                log.close();
            }
        }
    }

    private void follow(PodRun pod, Consumer<String> lines) {
        if (log == null) {
            log = new SuiteLog(
                    cluster,
                    reference(pod),
                    folder.log(),
                    lines,
                    Deadline.in(suite.timeout().plus(FETCHING)));
        }
    }

    private ObjectReference reference(PodRun pod) {
        return ObjectReference.pod(lease.namespace(), pod.name());
    }

    /** What the ending is with all that can be learnt of it now. */
    private Judgement judged(Ending ending) {
        ending.pod().ifPresent(this::askPeak);
        if (log != null && ending.outcome() != Outcome.TIMEOUT) {
            Optional.of(log.last()).filter(trouble -> !trouble.isEmpty()).ifPresent(remarks::add);
        }
        var judgement = new Judgement(ending.outcome(), ending.reason());
        if (suite.reports().isEmpty() || ending.pod().isEmpty()) {
            return judgement;
        }
        try {
            new Reports(suite.reports())
                    .fetch(
                            cluster.streams(),
                            reference(ending.pod().get()),
                            folder.files(),
                            Deadline.in(FETCHING),
                            files);
        } catch (IOException e) {
            judgement = judgement.unless("its reports could not all be fetched: "
                    + complaint(e, ending.pod().get()));
        }
        return withTests(judgement);
    }

    private static String complaint(IOException failure, PodRun pod) {
        var companion = pod.companion();
        return failure.getMessage() + (companion.isEmpty() ? "" : " (%s)".formatted(companion));
    }

    private Judgement withTests(Judgement before) {
        var judgement = before;
        for (var file : files) {
            if (!file.toString().endsWith(".xml")) {
                continue;
            }
            try {
                tests = JUnitFile.read(file).map(tests::plus).orElse(tests);
            } catch (IOException e) {
                judgement = judgement.unless("%s is not whole: %s".formatted(file.getFileName(), e.getMessage()));
            }
        }
        if (tests.files() == 0) {
            remarks.add("no JUnit file in "
                    + suite.reports().stream().map(path -> path.text()).collect(Collectors.joining(", ")));
        }
        if (tests.bad() > 0) {
            return judgement.failed("%d of %d tests did not pass".formatted(tests.bad(), tests.tests()));
        }
        return judgement;
    }

    private void askPeak(PodRun pod) {
        OptionalLong peak = cluster.peaks().of(pod.node(), pod.uid());
        peak.ifPresent(bytes -> peaks.put(pod.uid(), bytes));
    }

    private SuiteResult result(Judgement judgement, Instant started, double seconds, Ending ending) {
        var exitCode =
                ending.pod().flatMap(PodRun::end).map(PodRun.End::exitCode).orElse(null);
        var reasons = new ArrayList<>(judgement.reasons());
        reasons.addAll(remarks);
        var limit = Quantity.bytes(suite.resources().memory()).orElse(0L);
        return new SuiteResult(
                suite.name(),
                judgement.outcome(),
                String.join("; ", reasons),
                suite.exclusive(),
                lease.worker(),
                lease.namespace(),
                started.toString(),
                seconds,
                exitCode,
                log == null ? "" : folder.log().toString(),
                files.stream().map(Path::toString).toList(),
                tests.files() == 0 ? null : tests,
                pods.all().stream()
                        .map(pod ->
                                PodReport.of(pod, pods.isGone(pod), new PodReport.Memory(limit, peaks.get(pod.uid()))))
                        .toList());
    }

    /** What is known so far; never becomes better. */
    private record Judgement(Outcome outcome, List<String> reasons) {
        Judgement(Outcome outcome, String reason) {
            this(outcome, reason.isEmpty() ? List.of() : List.of(reason));
        }

        /** Green no longer, because something is not known. */
        Judgement unless(String problem) {
            return and(outcome == Outcome.PASSED ? Outcome.UNKNOWN : outcome, problem);
        }

        Judgement failed(String problem) {
            return and(Outcome.FAILED, problem);
        }

        private Judgement and(Outcome next, String reason) {
            var all = new ArrayList<>(reasons);
            all.add(reason);
            return new Judgement(next, all);
        }
    }

    /** For suites of which nobody has seen the end, and mostly not the beginning. */
    static SuiteResult withoutEnd(SuiteSpec suite, @Nullable WorkerLease lease, Outcome outcome, String reason) {
        return new SuiteResult(
                suite.name(),
                outcome,
                reason,
                suite.exclusive(),
                lease == null ? null : lease.worker(),
                lease == null ? "" : lease.namespace(),
                "",
                0,
                null,
                "",
                List.of(),
                null,
                List.of());
    }
}
