package dev.envctl.environment;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.Progress;
import dev.envctl.engine.Engine;
import dev.envctl.image.PinnedImage;
import dev.envctl.kubernetes.KubernetesApi;
import dev.envctl.machine.HostPorts;
import dev.envctl.readiness.Deadline;
import dev.envctl.spec.EnvironmentSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/** Makes an environment. The order of things is in {@link UpGraph}. */
public final class Up {
    private final Tools tools;
    private final EnvironmentSpec spec;
    private final List<PinnedImage> images;
    private final EnvironmentDirectory directory;
    private final HostPorts ports;
    private final Timeline timeline;
    private final Progress progress;

    /**
     * Makes nothing yet.
     *
     * @param images what images.lock says of the images in {@link EnvironmentSpec#images}, in that order
     * @param ports holds what is set aside here for as long as the environment lives
     */
    public Up(
            Tools tools,
            EnvironmentSpec spec,
            List<PinnedImage> images,
            EnvironmentDirectory directory,
            HostPorts ports,
            Timeline timeline,
            Progress progress) {
        this.tools = tools;
        this.spec = spec;
        this.images = List.copyOf(images);
        this.directory = directory;
        this.ports = ports;
        this.timeline = timeline;
        this.progress = progress;
    }

    /**
     * Returns when the environment is ready and the hand-off is written. Whatever happens, what was made is named in the
     * journal and carries labels.
     *
     * @param identity new, and known as ours before anything is made
     * @param tokens makes the token that opens what is for a worker in the primary's API
     * @param claim told the id of a cluster that is left of an earlier environment, before it is removed; fails where it is
     *     somebody else's
     * @param madeFrom stands for all the settings, as {@link dev.envctl.spec.Fingerprint#digest} says it
     * @throws EnvctlException the first failure, with where the collected diagnostics lie
     */
    public void run(
            Identity identity,
            HandOff.Primary primary,
            IntFunction<String> tokens,
            Consumer<String> claim,
            String madeFrom) {
        var start = Instant.now();
        var outcome = "failed";
        try (var journal = Journal.append(directory.journal(), identity.epoch());
                var open = new Open()) {
            var making = new Making(spec, images, directory, identity, madeFrom, tools, journal);
            var total = Deadline.in(spec.timeouts().total());
            try {
                var session = new UpGraph.Session(making, ports, primary, tokens, claim, open, timeline);
                var graph = new PhaseGraph(progress, timeline, "up");
                new UpGraph(() -> session).declare(graph, spec.timeouts());
                graph.run(total);
                outcome = "ok";
            } catch (EnvctlException e) {
                throw new Diagnosis(making, open, progress).of(timedOutInAll(e, total));
            }
        } finally {
            timeline.add(new Timeline.Span("up", "", start, Instant.now(), outcome));
        }
    }

    /** A phase cannot know that it was not its own limit that ran out. */
    private static EnvctlException timedOutInAll(EnvctlException failure, Deadline total) {
        if (failure.kind() != FailureKind.TIMEOUT || !total.passed()) {
            return failure;
        }
        var longer = "All phases together may take %d s: give them longer with `--timeout` or `timeouts.total`."
                .formatted(total.limit().toSeconds());
        return new EnvctlException(
                failure.kind(),
                failure.problem(),
                failure.remedy().isEmpty() ? longer : failure.remedy() + "\n" + longer,
                failure.details(),
                failure);
    }

    /** The phases in the order they are declared, for people. */
    public static List<PlannedPhase> plan(EnvironmentSpec spec) {
        var graph = new PhaseGraph(Progress.SILENT, new Timeline(), "up");
        new UpGraph(() -> {
                    throw new IllegalStateException("a plan is only looked at");
                })
                .declare(graph, spec.timeouts());
        return graph.phases().stream()
                .map(phase -> new PlannedPhase(phase.name(), phase.limit(), phase.after()))
                .toList();
    }

    /** One phase of the plan: its name, how long it may take, and the names of those it comes after. */
    public record PlannedPhase(String name, Duration limit, List<String> after) {
        public PlannedPhase {
            after = List.copyOf(after);
        }
    }

    /** What is open while an environment is being made: closed at the end, also for a diagnosis in between. */
    static final class Open implements AutoCloseable {
        private final List<Engine> engines = new ArrayList<>();
        private final List<KubernetesApi> apis = new ArrayList<>();

        synchronized Engine engine(Engine engine) {
            engines.add(engine);
            return engine;
        }

        synchronized AwaitApiServer.Reached reached(AwaitApiServer.Reached reached) {
            apis.add(reached.api());
            return reached;
        }

        synchronized List<Engine> engines() {
            return List.copyOf(engines);
        }

        synchronized List<KubernetesApi> apis() {
            return List.copyOf(apis);
        }

        @Override
        public synchronized void close() {
            apis.forEach(KubernetesApi::close);
            engines.forEach(Engine::close);
        }
    }
}
