package dev.envctl.environment;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.cluster.ClusterName;
import dev.envctl.cluster.KindCluster;
import dev.envctl.engine.Container;
import dev.envctl.engine.Engine;
import dev.envctl.kubernetes.Kubeconfig;
import dev.envctl.kubernetes.PodLife;
import dev.envctl.process.Programs;
import dev.envctl.readiness.Deadline;
import dev.envctl.service.Services;
import dev.envctl.spec.ClusterSpec.EngineChoice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * Whether an environment still is what it was when it was handed off. One question to the API server says it while all is well;
 * the engine is asked only when that is not answered.
 */
public final class Health implements AutoCloseable {
    private static final Duration ANSWER = Duration.ofSeconds(3);
    /** A machine under load may be silent for some time. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final long LITTLE_SPACE = 64L << 20;
    private static final String REDIS = "redis";
    /** What all leases share. */
    private static final Pattern SHARED = Pattern.compile("postgres|" + REDIS);
    /** The server of one worker alone. */
    private static final Pattern OWN = Pattern.compile(REDIS + "-(?<worker>\\d+)");

    /**
     * What was found.
     *
     * @param reason as it reads after "is broken:"; empty where all is well
     * @param lasting whether it cannot become well again by itself
     * @param notices what has happened since the last look, whether or not anything is broken
     * @param answered whether the API server said it; else it is what can be guessed from its silence
     * @param emptied the workers whose own Redis servers know neither their users nor their data since the last look
     */
    public record Finding(
            String reason, boolean lasting, boolean answered, List<String> notices, List<Integer> emptied) {
        public Finding {
            notices = List.copyOf(notices);
            emptied = List.copyOf(emptied);
        }

        private static Finding unanswered(String reason, boolean lasting, List<String> notices) {
            return new Finding(reason, lasting, false, notices, List.of());
        }

        public boolean well() {
            return reason.isEmpty();
        }
    }

    private final Function<Deadline, List<PodLife>> pods;
    private final Runnable onClose;
    private final Supplier<Engine> engine;
    private final Programs programs;
    private final ClusterName cluster;
    private final List<String> nodes;
    private final Path folder;
    private final LongSupplier nanos;
    private final Map<String, PodLife> known = new HashMap<>();
    private final Map<String, PodLife> knownOwn = new HashMap<>();
    private final Map<String, Long> silentSince = new HashMap<>();
    private long lastAnswer;
    private boolean littleSpace;

    /** @param pods asks the API server for the pods of the services */
    Health(
            Function<Deadline, List<PodLife>> pods,
            Runnable onClose,
            Supplier<Engine> engine,
            Programs programs,
            ClusterName cluster,
            List<String> nodes,
            Path folder,
            LongSupplier nanos) {
        this.pods = pods;
        this.onClose = onClose;
        this.engine = engine;
        this.programs = programs;
        this.cluster = cluster;
        this.nodes = List.copyOf(nodes);
        this.folder = folder;
        this.nanos = nanos;
        this.lastAnswer = nanos.getAsLong();
    }

    /** Of an environment that is ready; empty where it has no kubeconfig any more. */
    public static Optional<Health> of(Tools tools, EnvironmentDirectory directory, HandOff handOff) {
        var scratch = directory.scratch().resolve("health");
        return EnvironmentDirectory.read(directory.kubeconfig()).map(kubeconfig -> {
            var api = tools.kubernetes().apply(Kubeconfig.parse(kubeconfig));
            return new Health(
                    deadline -> PodLife.list(api, Services.NAMESPACE, deadline),
                    api::close,
                    () -> {
                        EnvironmentDirectory.privateDirectory(scratch);
                        return tools.engines().find(choice(handOff), ANSWER, scratch);
                    },
                    tools.programs(),
                    new ClusterName(handOff.name(), handOff.id()),
                    handOff.cluster().nodes(),
                    directory.path(),
                    System::nanoTime);
        });
    }

    private static EngineChoice choice(HandOff handOff) {
        return EngineChoice.valueOf(handOff.cluster().engine().toUpperCase(Locale.ROOT));
    }

    /** Looks once; takes some seconds where something does not answer. */
    public Finding look() {
        var notices = new ArrayList<String>();
        noticeSpace(notices);
        try {
            var now = pods.apply(Deadline.in(ANSWER));
            lastAnswer = nanos.getAsLong();
            return judge(now, notices);
        } catch (EnvctlException e) {
            if (e.kind() == FailureKind.INTERRUPTED) {
                throw e;
            }
            return silent(e.problem(), notices);
        }
    }

    private void noticeSpace(List<String> notices) {
        try {
            var free = Files.getFileStore(folder).getUsableSpace();
            var little = free < LITTLE_SPACE;
            if (little && !littleSpace) {
                notices.add("Only %d MiB are free on the disk of %s: databases, containers and envctl itself need some."
                        .formatted(free >> 20, folder));
            }
            littleSpace = little;
        } catch (IOException e) {
            // Without its folder there is nobody to tell.
            return;
        }
    }

    private Finding judge(List<PodLife> pods, List<String> notices) {
        var emptied =
                pods.stream().flatMapToInt(pod -> emptied(pod, notices)).boxed().toList();
        var found = pods.stream()
                .filter(pod -> SHARED.matcher(pod.service()).matches())
                .toList();
        var reasons = new ArrayList<String>();
        var lasting = false;
        for (var pod : found) {
            var before = known.putIfAbsent(pod.service(), pod);
            if (before == null || before.equals(pod)) {
                continue;
            }
            if (!before.uid().equals(pod.uid())) {
                reasons.add("the pod of %s was replaced, and what it held is gone".formatted(pod.service()));
                lasting = true;
            } else if (pod.restarts() > before.restarts() && pod.service().equals(REDIS)) {
                reasons.add("%s was restarted (%s): the users and data of all leases are gone"
                        .formatted(pod.service(), pod.lastEnd()));
                lasting = true;
            } else if (pod.restarts() > before.restarts()) {
                notices.add("%s was restarted (%s): connections were cut, its data is there."
                        .formatted(pod.service(), pod.lastEnd()));
                known.put(pod.service(), pod);
            }
        }
        for (var service : known.keySet()) {
            var now =
                    found.stream().filter(pod -> pod.service().equals(service)).findFirst();
            if (now.filter(PodLife::ready).isPresent()) {
                silentSince.remove(service);
            } else if (nanos.getAsLong() - silentSince.computeIfAbsent(service, first -> nanos.getAsLong())
                    >= PATIENCE.toNanos()) {
                reasons.add(
                        now.isEmpty()
                                ? "the pod of %s is gone".formatted(service)
                                : "%s does not answer".formatted(service));
            }
        }
        return new Finding(String.join("; ", reasons), lasting, true, notices, emptied);
    }

    /** What befalls the server of one worker is no other's concern; told once it can be used again. */
    private IntStream emptied(PodLife pod, List<String> notices) {
        var own = OWN.matcher(pod.service());
        if (!own.matches()) {
            return IntStream.empty();
        }
        var before = knownOwn.putIfAbsent(pod.service(), pod);
        if (before == null || !pod.ready() || (before.uid().equals(pod.uid()) && before.restarts() == pod.restarts())) {
            return IntStream.empty();
        }
        knownOwn.put(pod.service(), pod);
        notices.add("%s was restarted (%s): the data of worker %s are gone, its lease goes on with an empty server."
                .formatted(pod.service(), pod.lastEnd(), own.group("worker")));
        return IntStream.of(Integer.parseInt(own.group("worker")));
    }

    /** The API server does not answer: the engine may know why. */
    private Finding silent(String problem, List<String> notices) {
        try (var found = engine.get()) {
            var containers = new KindCluster(programs, found, cluster).nodes();
            for (var node : nodes) {
                var state = containers.stream()
                        .filter(container -> container.name().equals(node))
                        .map(Container::state)
                        .findFirst();
                if (state.isEmpty()) {
                    return Finding.unanswered("its node %s was removed".formatted(node), true, notices);
                }
                if (state.get().equals("paused")) {
                    return Finding.unanswered("its node %s is paused".formatted(node), false, notices);
                }
                if (!state.get().equals("running")) {
                    return Finding.unanswered(
                            "its node %s does not run (%s)".formatted(node, state.get()), true, notices);
                }
            }
        } catch (EnvctlException e) {
            if (e.kind() == FailureKind.INTERRUPTED) {
                throw e;
            }
            return patient("neither its API server nor its engine answers: " + e.problem(), notices);
        }
        return patient("its API server does not answer: " + problem, notices);
    }

    /** For a while there is no reason: not that it broke, nor that it became well again. */
    private Finding patient(String reason, List<String> notices) {
        var silence = Duration.ofNanos(nanos.getAsLong() - lastAnswer);
        return Finding.unanswered(silence.compareTo(PATIENCE) < 0 ? "" : reason, false, notices);
    }

    @Override
    public void close() {
        onClose.run();
    }
}
