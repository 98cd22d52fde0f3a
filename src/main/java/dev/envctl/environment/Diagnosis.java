package dev.envctl.environment;

import dev.envctl.EnvctlException;
import dev.envctl.FailureKind;
import dev.envctl.Progress;
import dev.envctl.cluster.KindCluster;
import dev.envctl.engine.Engine;
import dev.envctl.kubernetes.KubernetesApi;
import dev.envctl.kubernetes.ObjectReference;
import dev.envctl.kubernetes.PodEvidence;
import dev.envctl.readiness.Deadline;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;

/** Collects what explains a failure, before anything is deleted. */
final class Diagnosis {
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Making making;
    private final Up.Open open;
    private final Progress progress;

    Diagnosis(Making making, Up.Open open, Progress progress) {
        this.making = making;
        this.open = open;
        this.progress = progress;
    }

    /** The same failure, with where the diagnostics lie; unchanged where there is nothing to look at. */
    EnvctlException of(EnvctlException failure) {
        if (failure.kind() == FailureKind.INTERRUPTED || open.engines().isEmpty()) {
            return failure;
        }
        var folder = making.directory().diagnostics();
        try {
            EnvironmentDirectory.delete(folder);
            var collected = collect(open.engines().get(0), folder);
            if (!collected) {
                return failure;
            }
        } catch (EnvctlException e) {
            progress.warn("Not all diagnostics could be collected: " + e.problem());
        }
        if (!Files.isDirectory(folder)) {
            return failure;
        }
        var details = new ArrayList<>(failure.details());
        details.add("diagnostics: " + folder);
        return new EnvctlException(failure.kind(), failure.problem(), remedy(failure), details, failure);
    }

    private String remedy(EnvctlException failure) {
        return failure.remedy().isEmpty()
                ? "Look into the diagnostics; `envctl up --keep-on-failure` keeps the cluster to look at."
                : failure.remedy();
    }

    private boolean collect(Engine engine, Path folder) {
        var cluster = new KindCluster(
                making.tools().programs(), engine, making.identity().cluster());
        if (cluster.nodes().isEmpty()) {
            return false;
        }
        EnvironmentDirectory.privateDirectory(folder);
        for (var api : open.apis()) {
            pods(api, folder);
        }
        cluster.exportLogs(folder.resolve("kind"), LIMIT);
        return true;
    }

    private void pods(KubernetesApi api, Path folder) {
        var deadline = Deadline.in(LIMIT);
        try {
            for (var pod : api.list("v1", "Pod", "", "", deadline)) {
                var found = ObjectReference.of(pod);
                var events = api.events(ObjectReference.pod(found.namespace(), found.name()), deadline);
                var lines = new PodEvidence(api).of(pod, events);
                EnvironmentDirectory.write(
                        folder.resolve("%s_%s.txt".formatted(found.namespace(), found.name())),
                        String.join("\n", lines) + "\n");
            }
        } catch (EnvctlException e) {
            progress.warn("The pods could not be asked: " + e.problem());
        }
    }
}
