package dev.envctl.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.Progress;
import dev.envctl.kubernetes.FakeKubernetesApi;
import dev.envctl.kubernetes.ObjectReference;
import dev.envctl.kubernetes.PodStreams;
import dev.envctl.readiness.Deadline;
import dev.envctl.readiness.Wait;
import dev.envctl.spec.Resources;
import dev.envctl.spec.SuiteSpec;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunSuitesTest {
    private static final class NoStreams implements PodStreams {
        @Override
        public InputStream log(ObjectReference pod, String container, Deadline deadline) {
            throw new UnsupportedOperationException("no pods run here");
        }

        @Override
        public void execute(
                ObjectReference pod, String container, List<String> command, OutputStream output, Deadline deadline) {
            throw new UnsupportedOperationException("no pods run here");
        }

        @Override
        public void close() {}
    }

    @TempDir
    private Path folder = Path.of("");

    private final FakeHoldings holdings = new FakeHoldings();
    private final List<Progress.Event> events = new CopyOnWriteArrayList<>();
    private final Cluster cluster = new Cluster(
            new FakeKubernetesApi(),
            new NoStreams(),
            new Wait(),
            Map.of("tests", "example.org/tests@sha256:0"),
            "",
            (node, uid) -> OptionalLong.empty());
    private final RunSuites suites = new RunSuites(
            cluster, holdings, events::add, new RunSuites.Limits(2, 1 << 30, Deadline.in(Duration.ofMinutes(1))));

    private static SuiteSpec suite(String name, String image, boolean exclusive) {
        return new SuiteSpec(
                name, image, List.of(), Map.of(), new Resources("1Mi"), Duration.ofMinutes(1), exclusive, List.of());
    }

    private static EnvctlException refusal(FailureKind kind) {
        return new EnvctlException(kind, "There is no lease.", "Release one.");
    }

    @Test
    void everySuiteHasAResultInTheOrderAskedForWhateverBecameOfIt() {
        holdings.refusesLease("alone", refusal(FailureKind.USAGE))
                .refusesLease("late", refusal(FailureKind.TIMEOUT))
                .refusesLease("gone", refusal(FailureKind.NOT_OWNER));

        var results = suites.run(
                List.of(
                        suite("alone", "tests", true),
                        suite("late", "tests", false),
                        suite("gone", "tests", false),
                        suite("odd", "tests", false)),
                folder);

        assertThat(results).extracting(SuiteResult::name).containsExactly("alone", "late", "gone", "odd");
        assertThat(results)
                .extracting(SuiteResult::outcome)
                .containsExactly(Outcome.FAILED, Outcome.TIMEOUT, Outcome.UNKNOWN, Outcome.UNKNOWN);
        assertThat(results.get(0).reason()).isEqualTo("not run: There is no lease. Release one.");
        // What nobody has thought of is told too, and is never green.
        assertThat(results.get(3).reason()).contains("UnsupportedOperationException", "defect of envctl");
    }

    @Test
    void whoRunsAloneBeginsLastThoughItIsDeclaredFirst() {
        suites.run(List.of(suite("alone", "tests", true), suite("other", "tests", false)), folder);

        assertThat(holdings.told).containsExactly("begin other", "end other", "begin alone alone", "end alone");
    }

    @Test
    void tellsOfEachSuiteWhenItBeginsAndHowItEnds() {
        suites.run(List.of(suite("api", "tests", false)), folder);

        assertThat(events.get(0)).isEqualTo(new Progress.Started("suite api"));
        assertThat(events.get(events.size() - 1))
                .isInstanceOfSatisfying(
                        Progress.Finished.class,
                        end -> assertThat(end.outcome()).isEqualTo(Progress.Outcome.FAILED));
    }

    @Test
    void startsNothingWhereAnImageIsNotOnTheNodes() {
        var failure = catchThrowableOfType(
                EnvctlException.class,
                () -> suites.run(List.of(suite("api", "tests", false), suite("other", "elsewhere", false)), folder));

        assertThat(failure.kind()).isEqualTo(FailureKind.USAGE);
        assertThat(failure.problem()).contains("elsewhere");
        assertThat(holdings.told).isEmpty();
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void aCancelledRunGivesNobodyALease() {
        suites.cancel();

        var failure = catchThrowableOfType(
                EnvctlException.class, () -> suites.run(List.of(suite("api", "tests", false)), folder));

        assertThat(failure.kind()).isEqualTo(FailureKind.INTERRUPTED);
    }
}
