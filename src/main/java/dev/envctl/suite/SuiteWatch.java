package dev.envctl.suite;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.kubernetes.ObjectReference;
import dev.envctl.kubernetes.PodRun;
import dev.envctl.readiness.Deadline;
import dev.envctl.spec.Durations;
import dev.envctl.spec.SuiteSpec;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** Looks at a suite's pods until its work has ended, one way or another. */
final class SuiteWatch {
    private static final Duration EVERY = Duration.ofMillis(500);
    private static final Duration QUESTION = Duration.ofSeconds(5);
    private static final Duration SETTLING = Duration.ofSeconds(15);
    /** A server that restarts is back by then. */
    private static final Duration SILENCE = Duration.ofSeconds(30);
    /** How soon a Job makes its pod, or says why it cannot. */
    private static final Duration FIRST_POD = Duration.ofSeconds(30);

    private final Cluster cluster;
    private final SuiteObjects objects;
    private final SuitePods pods;
    private final SuiteSpec suite;
    private final Holdings.Turn turn;

    SuiteWatch(Cluster cluster, SuiteObjects objects, SuitePods pods, SuiteSpec suite, Holdings.Turn turn) {
        this.cluster = cluster;
        this.objects = objects;
        this.pods = pods;
        this.suite = suite;
        this.turn = turn;
    }

    /**
     * Returns when it has ended, or should have.
     *
     * @param begun told of the pod whose container works, as long as it does
     * @param waiting told why it does not yet
     */
    Ending await(Deadline deadline, Consumer<PodRun> begun, Consumer<String> waiting) {
        var silence = Deadline.in(SILENCE);
        var firstPod = Deadline.in(FIRST_POD);
        var told = "";
        while (true) {
            var problem = look();
            if (problem.isEmpty()) {
                silence = Deadline.in(SILENCE);
                pods.begun().ifPresent(begun);
                var reason = pods.waiting();
                if (!reason.equals(told)) {
                    waiting.accept(reason);
                    told = reason;
                }
            }
            var ending = pods.ending()
                    .or(() -> turn.lost().map(Ending::lost))
                    .or(() -> pods.all().isEmpty() ? withoutPods(firstPod.passed()) : Optional.empty());
            if (ending.isPresent()) {
                return ending.get();
            }
            if (deadline.passed()) {
                return timedOut(deadline);
            }
            if (silence.passed()) {
                return Ending.lost("the API server has not answered for %s: %s"
                        .formatted(Durations.format(SILENCE), problem.orElse("")));
            }
            cluster.waits().pause(EVERY.compareTo(deadline.remaining()) < 0 ? EVERY : deadline.remainingForCall());
        }
    }

    /** Lets a pod whose work is done and fetched end, so that it has a last phase. Whatever goes wrong, nothing depends on it. */
    void settle(PodRun pod) {
        var deadline = Deadline.in(SETTLING);
        try {
            var reference = ObjectReference.pod(objects.reference().namespace(), pod.name());
            cluster.streams()
                    .execute(
                            reference,
                            SuiteObjects.KEEPER,
                            SuiteObjects.END_KEEPER,
                            OutputStream.nullOutputStream(),
                            deadline);
        } catch (IOException e) {
            // It may have ended before it could say so.
            cluster.waits().pause(EVERY);
        }
        while (!deadline.passed() && look().isEmpty() && !pods.hasSettled(pod)) {
            cluster.waits().pause(EVERY);
        }
    }

    /** The problem, where nobody answers. */
    private Optional<String> look() {
        try {
            pods.look(PodRun.list(
                    cluster.api(),
                    objects.reference().namespace(),
                    objects.selector(),
                    SuiteObjects.SUITE,
                    Deadline.in(QUESTION)));
            return Optional.empty();
        } catch (EnvctlException e) {
            if (e.kind() == FailureKind.INTERRUPTED) {
                throw e;
            }
            return Optional.of(e.problem());
        }
    }

    private Optional<Ending> withoutPods(boolean late) {
        try {
            var job = objects.reference();
            if (cluster.api().get(job, Deadline.in(QUESTION)).isEmpty()) {
                return Optional.of(Ending.lost("its Job was deleted"));
            }
            var why = PodRun.whyNone(cluster.api(), job, Deadline.in(QUESTION));
            if (why.isPresent()) {
                return Optional.of(
                        new Ending(Outcome.FAILED, "no pod can be made for it: " + why.get(), Optional.empty()));
            }
        } catch (EnvctlException e) {
            if (e.kind() == FailureKind.INTERRUPTED) {
                throw e;
            }
            // It is asked again.
            return Optional.empty();
        }
        return late
                ? Optional.of(
                        Ending.lost("Kubernetes has made no pod within %s".formatted(Durations.format(FIRST_POD))))
                : Optional.empty();
    }

    private Ending timedOut(Deadline deadline) {
        var whole = deadline.limit().compareTo(suite.timeout()) < 0 ? " that was left for all" : "";
        var waiting = pods.waiting();
        return new Ending(
                Outcome.TIMEOUT,
                "not done within %s%s%s"
                        .formatted(
                                Durations.format(Duration.ofSeconds(
                                        Math.max(1, deadline.limit().toSeconds()))),
                                whole,
                                waiting.isEmpty() ? "" : ", never started: " + waiting),
                pods.begun());
    }
}
