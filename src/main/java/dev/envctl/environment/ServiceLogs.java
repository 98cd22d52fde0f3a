package dev.envctl.environment;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.cluster.ClusterName;
import dev.envctl.cluster.KindCluster;
import dev.envctl.kubernetes.HttpKubernetesApi;
import dev.envctl.kubernetes.Kubeconfig;
import dev.envctl.kubernetes.ObjectReference;
import dev.envctl.process.OwnProcess;
import dev.envctl.readiness.Deadline;
import dev.envctl.service.Services;
import dev.envctl.spec.ClusterSpec.EngineChoice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The logs of a running environment, for those who only look. */
public final class ServiceLogs {
    private static final Duration CALL = Duration.ofSeconds(30);
    private static final Duration EXPORT = Duration.ofMinutes(2);
    private static final int ALL = 100_000;

    private final EnvironmentDirectory directory;

    public ServiceLogs(EnvironmentDirectory directory) {
        this.directory = directory;
    }

    /** The last lines of a service's log, oldest first. */
    public List<String> read(String service, int lines) {
        var kubeconfig = EnvironmentDirectory.read(directory.kubeconfig())
                .orElseThrow(() -> new EnvctlException(
                        FailureKind.NOT_OWNER,
                        "There is no %s: the cluster is not there.".formatted(directory.kubeconfig()),
                        "`envctl up` makes it."));
        var deadline = Deadline.in(CALL);
        var found = new ArrayList<String>();
        try (var api = new HttpKubernetesApi(Kubeconfig.parse(kubeconfig))) {
            for (var pod : api.list("v1", "Pod", Services.NAMESPACE, Services.selector(service), deadline)) {
                var name = ObjectReference.of(pod).name();
                found.addAll(api.logs(ObjectReference.pod(Services.NAMESPACE, name), service, lines, false, deadline));
            }
        }
        return found;
    }

    /** Copies the files in {@code logs/} and the timeline. */
    public void copyFiles(Path target) {
        try {
            Files.createDirectories(target);
            if (Files.exists(directory.timeline())) {
                copy(directory.timeline(), target.resolve("timeline.json"));
            }
            try (var files = Files.walk(directory.logs())) {
                for (var file : files.toList()) {
                    copy(file, target.resolve(directory.logs().relativize(file).toString()));
                }
            }
        } catch (IOException e) {
            throw EnvironmentDirectory.unwritable(target, e);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        if (Files.isDirectory(from)) {
            Files.createDirectories(to);
        } else {
            Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /**
     * Adds what the services have said, and what {@code kind export logs} collects of the nodes.
     *
     * @return what kind could not collect, in its words; what it could is there all the same
     */
    public Optional<EnvctlException> exportCluster(Path target, Tools tools, HandOff handOff) {
        if (handOff.services().postgres() != null) {
            EnvironmentDirectory.write(target.resolve("postgres.log"), String.join("\n", read("postgres", ALL)) + "\n");
        }
        if (handOff.services().redis() != null) {
            EnvironmentDirectory.write(target.resolve("redis.log"), String.join("\n", read("redis", ALL)) + "\n");
        }
        var choice = EngineChoice.valueOf(handOff.cluster().engine().toUpperCase(Locale.ROOT));
        // The primary's own scratch is the primary's alone: it ends what it finds serving there.
        var scratch = directory.scratch().resolve("logs-" + OwnProcess.pid());
        EnvironmentDirectory.privateDirectory(scratch);
        try (var engine = tools.engines().find(choice, CALL, scratch)) {
            new KindCluster(tools.programs(), engine, new ClusterName(handOff.name(), handOff.id()))
                    .exportLogs(target.resolve("kind"), EXPORT);
            return Optional.empty();
        } catch (EnvctlException e) {
            if (e.kind() == FailureKind.FAILED && Files.isDirectory(target.resolve("kind"))) {
                return Optional.of(e);
            }
            throw e;
        } finally {
            EnvironmentDirectory.delete(scratch);
        }
    }
}
