package dev.envctl.client;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.Progress;
import dev.envctl.environment.EnvironmentDirectory;
import dev.envctl.environment.HandOff;
import dev.envctl.environment.PodMemory;
import dev.envctl.environment.Tools;
import dev.envctl.kubernetes.HttpPodStreams;
import dev.envctl.kubernetes.Kubeconfig;
import dev.envctl.machine.HostMemory;
import dev.envctl.primary.PrimaryRecord;
import dev.envctl.readiness.Deadline;
import dev.envctl.spec.Fingerprint;
import dev.envctl.spec.OnDemandRoom;
import dev.envctl.spec.PostgresSpec;
import dev.envctl.spec.RedisSpec;
import dev.envctl.spec.Suggestion;
import dev.envctl.spec.SuiteSpec;
import dev.envctl.suite.Cluster;
import dev.envctl.suite.RunSuites;
import dev.envctl.suite.SuiteResult;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/** Runs the suites that an environment file declares in the environment, which is ready. */
public final class SuitesInCluster {
    /** Longer than anybody waits, and short enough to be counted. */
    private static final Duration NO_LIMIT = Duration.ofDays(7);

    private final Request request;
    private final HandOff running;
    private final Tools tools;
    private final Progress progress;

    public SuitesInCluster(Request request, HandOff running, Tools tools, Progress progress) {
        this.request = request;
        this.running = running;
        this.tools = tools;
        this.progress = progress;
    }

    /**
     * What to run.
     *
     * @param names empty for all that are declared
     * @param parallel how many at the same time; empty for as many as there are leases free
     * @param timeout for all together
     * @param reports the folder that gets a folder for each suite; empty for that of the environment
     */
    public record Wanted(List<String> names, OptionalInt parallel, Optional<Duration> timeout, Optional<Path> reports) {
        public Wanted {
            names = List.copyOf(names);
        }
    }

    /**
     * Runs them to their ends; a signal gives everything back before it ends this process.
     *
     * @throws EnvctlException USAGE where there is no such suite, its image is not on the nodes or its folder cannot be used
     */
    public List<SuiteResult> run(Wanted wanted) {
        var suites = chosen(wanted.names());
        requireRoom();
        var primary = PrimaryRecord.read(request.directory().primary())
                .orElseThrow(() -> new EnvctlException(
                        FailureKind.NOT_OWNER,
                        "%s cannot be read.".formatted(request.directory().primary()),
                        "Run the command in the folder of the environment's owner."));
        request.directory().markUsed();
        var holdings = new PrimaryHoldings(primary, tools.waits());
        var kubeconfig = Kubeconfig.parse(
                EnvironmentDirectory.read(request.directory().kubeconfig()).orElse(""));
        try (var api = tools.kubernetes().apply(kubeconfig);
                var streams = new HttpPodStreams(kubeconfig);
                var memory = new PodMemory(tools, running)) {
            var images = images(primary);
            var cluster = new Cluster(
                    api, streams, tools.waits(), images, keeper(images), (node, uid) -> memory.peak(node, uid));
            var limits = new RunSuites.Limits(
                    wanted.parallel().orElseGet(() -> Math.max(1, holdings.free())),
                    HostMemory.of(tools.machine()).map(HostMemory::available).orElse(Long.MAX_VALUE),
                    Deadline.in(wanted.timeout().orElse(NO_LIMIT)));
            var runs = new RunSuites(cluster, holdings, progress, limits);
            var signals = new OnSignal(List.of(runs::cancel, memory::close));
            try (signals) {
                return runs.run(
                        suites,
                        wanted.reports().orElseGet(() -> request.directory().suites()));
            }
        }
    }

    /** Leases that do not exist would be waited for in vain. */
    private void requireRoom() {
        var room = OnDemandRoom.of(request.spec());
        if (room.most() == 0) {
            throw new EnvctlException(
                    FailureKind.USAGE,
                    "Suites take leases on demand, and environment %s has none: %s."
                            .formatted(request.spec().name(), room.reason()),
                    room.change());
        }
    }

    private List<SuiteSpec> chosen(List<String> names) {
        var declared = request.spec().suites();
        if (declared.isEmpty()) {
            throw new EnvctlException(
                    FailureKind.USAGE,
                    "Environment %s declares no suites."
                            .formatted(request.spec().name()),
                    "Add a list `suites:` to %s; `envctl schema` shows what it can say."
                            .formatted(request.spec().file()));
        }
        var known = declared.stream().map(SuiteSpec::name).toList();
        for (var name : names) {
            if (!known.contains(name)) {
                throw new EnvctlException(
                        FailureKind.USAGE,
                        "Environment %s has no suite `%s`, only: %s."
                                .formatted(request.spec().name(), name, String.join(", ", known)),
                        Suggestion.nearest(name, known)
                                .map("Did you mean `%s`?"::formatted)
                                .orElse("Name one of these, or none to run all."));
            }
        }
        return names.isEmpty()
                ? declared
                : declared.stream()
                        .filter(suite -> names.contains(suite.name()))
                        .toList();
    }

    /** Those that the nodes hold and that are still the ones that images.lock names. */
    private Map<String, String> images(PrimaryRecord primary) {
        // A stand-in is called otherwise in the nodes than in images.lock.
        var locked = request.fingerprint().entries();
        return running.images().stream()
                .filter(image -> {
                    var key = Fingerprint.IMAGES + image.name();
                    return Objects.equals(locked.get(key), primary.fingerprint().get(key));
                })
                .collect(Collectors.toMap(HandOff.Image::name, HandOff.Image::reference));
    }

    /** The services' images are those of Postgres and Redis, or of what behaves like them: with a shell and tar. */
    private String keeper(Map<String, String> images) {
        return request.spec()
                .redis()
                .map(RedisSpec::image)
                .or(() -> request.spec().postgres().map(PostgresSpec::image))
                .map(name -> images.getOrDefault(name, ""))
                .orElse("");
    }
}
