package dev.envctl.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.Progress;
import dev.envctl.cluster.ClusterName;
import dev.envctl.cluster.KindCluster;
import dev.envctl.engine.FakeEngine;
import dev.envctl.process.LeftoverPrograms;
import dev.envctl.process.SystemPrograms;
import dev.envctl.readiness.Wait;
import dev.envctl.spec.ClusterSpec.EngineChoice;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class RemovalTest {
    private static final EnvironmentDirectory DIRECTORY = EnvironmentDirectory.of(Path.of("/project"), "e2e");
    private static final Identity IDENTITY = new Identity("e2e", "0123abcd", 1, "");
    private static final ClusterName CLUSTER = IDENTITY.cluster();
    private static final String NODE = CLUSTER.controlPlane();
    private static final String VOLUME = "volume";

    private final FakeEngine engine = new FakeEngine();
    private final List<Progress.Event> events = Collections.synchronizedList(new ArrayList<>());

    private boolean remove(Past past, Duration limit) {
        return new Removal(engine, new LeftoverPrograms(), DIRECTORY, new Wait(), events::add, new Timeline())
                .run(past, id -> {}, limit);
    }

    private boolean remove(Past past) {
        return remove(past, Duration.ofSeconds(10));
    }

    private static Past past(boolean handedOff) {
        return new Past(IDENTITY, EngineChoice.PODMAN, "", "", "", true, handedOff, "create cluster");
    }

    private void makeNode() {
        engine.container(NODE, Map.of("io.x-k8s.kind.cluster", CLUSTER.toString()));
        engine.volume(VOLUME, Map.of(NODE, "true"));
    }

    private void makeNetwork() {
        new KindCluster(new SystemPrograms(), engine, CLUSTER).createNetwork(1, DIRECTORY.path());
    }

    @Test
    void removesWhatTheJournalNames() {
        makeNode();

        assertThat(remove(past(true))).isTrue();
        assertThat(engine.isEmpty()).isTrue();
    }

    @Test
    void saysThatThereWasNothing() {
        assertThat(remove(past(true))).isFalse();
    }

    @Test
    void triesAgainWhatDoesNotGoTheFirstTime() {
        makeNode();
        makeNetwork();
        engine.refusesOnce(NODE).refusesOnce(VOLUME).refusesOnce(CLUSTER.toString());

        assertThat(remove(past(true))).isTrue();
        assertThat(engine.isEmpty()).isTrue();
        assertThat(events).contains(new Progress.Waiting("remove cluster", NODE + " is in use"));
    }

    /** As a daemon does that had been asked for it before its client was killed. */
    @Test
    void removesWhatAppearsAfterAllWasGoneWhereACreationWasCutShort() {
        makeNetwork();
        // The node comes when the network has gone and the first look has found nothing.
        engine.afterRemovalOf(
                CLUSTER.toString(), () -> engine.beforeNextListing(() -> engine.beforeNextListing(this::makeNode)));

        assertThat(remove(past(false))).isTrue();
        assertThat(engine.isEmpty()).isTrue();
        assertThat(engine.removed).contains(NODE);
    }

    @Test
    void looksOnceWhereNothingCanAppear() {
        makeNode();

        remove(past(true));

        assertThat(events).noneMatch(Progress.Waiting.class::isInstance);
    }

    @Test
    void namesWhatIsLeftWhenTimeRunsOut() {
        makeNode();
        keepComing();

        var failure = catchThrowableOfType(EnvctlException.class, () -> remove(past(true), Duration.ofSeconds(1)));

        assertThat(failure.kind()).isEqualTo(FailureKind.TIMEOUT);
        assertThat(failure.problem()).contains("still there: volume another");
    }

    /** Somebody makes it again each time it goes. */
    private void keepComing() {
        engine.volume("another", Map.of(NODE, "true"));
        engine.afterRemovalOf("another", () -> engine.beforeNextListing(this::keepComing));
    }

    @Test
    void anInterruptEndsIt() {
        makeNode();
        engine.interruptedAt(NODE);

        var failure = catchThrowableOfType(EnvctlException.class, () -> remove(past(true)));

        assertThat(failure.kind()).isEqualTo(FailureKind.INTERRUPTED);
    }
}
